package dev.sluice.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What an answer writes to. */
public final class SourceOutput {
    private final OutputStream out;
    private final InputStream in;
    private final AtomicLong written;

    SourceOutput(OutputStream out, InputStream in, AtomicLong written) {
        this.out = out;
        this.in = in;
        this.written = written;
    }

    /** Status line and headers, as they are given and no others. */
    public void head(int status, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " So\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    public void write(byte[] bytes, int off, int len) throws IOException {
        out.write(bytes, off, len);
        written.addAndGet(len);
    }

    /** One chunk of the chunked transfer coding; an empty one is the end. */
    public void chunk(byte[] bytes) throws IOException {
        write((Integer.toHexString(bytes.length).toLowerCase(Locale.ROOT) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        write(bytes);
        write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends nothing more, and does not return: when the other end closes, this throws. */
    public void stall() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        throw new SocketException("the other end has closed");
    }
}
