package dev.sluice.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A client's connection, byte by byte, for what an HTTP library would not let one do. */
public final class Client implements AutoCloseable {
    private static final int PATIENCE = 60_000;

    private final Socket socket;

    private Client(Socket socket) {
        this.socket = socket;
    }

    public static Client to(Endpoint service) {
        return to(service, InetAddress.getLoopbackAddress());
    }

    /** The same from an address of its own. */
    public static Client to(Endpoint service, InetAddress from) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port(), from, 0);
            socket.setSoTimeout(PATIENCE);
            return new Client(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins an upload that announces no length. */
    public static Client uploading(Endpoint service, String name) {
        return to(service)
                .send("PUT /v1/datasets/" + name
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    public Client send(String text) {
        return send(text.getBytes(UTF_8));
    }

    public Client send(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, but nothing if the server has closed. */
    public void sendWhatIsTaken(String text) {
        sendWhatIsTaken(text.getBytes(UTF_8));
    }

    /** The same. */
    public void sendWhatIsTaken(byte[] bytes) {
        try {
            send(bytes);
        } catch (UncheckedIOException e) {
            // it has closed
        }
    }

    /** Reads everything until the server closes, and keeps nothing. */
    public void skipAll() {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // it has closed
        }
    }

    /** Whether the server still takes bytes, which is tried with a space. It refuses them once it has closed. */
    public boolean maySend() {
        try {
            send(" ");
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Sends text as one chunk of a chunked body. */
    public Client chunk(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
    }

    /** Ends a chunked body. */
    public Client end() {
        return send("0\r\n\r\n");
    }

    /** Whether anything of an answer is here. */
    public boolean isAnswered() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many bytes of the answer, or fewer if it ends. */
    public String read(int bytes) {
        try {
            return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything until the server closes. */
    public String readAll() {
        return read(Integer.MAX_VALUE);
    }

    /** The same, or nothing if the connection is reset. */
    public String whatIsLeft() {
        return whatIsRead(Integer.MAX_VALUE);
    }

    /** As {@link #read}, but nothing if the connection is reset before all bytes have come. */
    public String whatIsRead(int bytes) {
        try {
            return read(bytes);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                throw e;
            }
            return "";
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
