package dev.sluice.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Sends every request to another process than the one before it. It carries one request on a connection: it makes the
 * request say {@code Connection: close}, so the answer says so too, and the client comes back for its next request on a new
 * connection. Everything else passes as it is, in both directions, ends and resets included.
 */
public final class Balancer implements Endpoint, AutoCloseable {
    private static final int MAX_HEAD = 64 * 1024;
    private static final int CONNECT_MILLIS = 1000;
    private static final int LINGER_MILLIS = 5000;

    private final ServerSocket socket;
    private final Supplier<List<Integer>> ports;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** To whom each request that goes on was sent. */
    private final Map<Socket, String> requests = new ConcurrentHashMap<>();

    private Balancer(ServerSocket socket, Supplier<List<Integer>> ports) {
        this.socket = socket;
        this.ports = ports;
    }

    /** @param ports of the processes there are at the moment */
    public static Balancer before(Supplier<List<Integer>> ports) {
        try {
            Balancer balancer = new Balancer(new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1")), ports);
            Thread.ofPlatform().daemon().name("balancer").start(balancer::accept);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return socket.getLocalPort();
    }

    /** The port of a process that has a request which begins so, and has not ended; nothing if none has. */
    public Optional<Integer> carrying(String beginning) {
        return requests.entrySet().stream()
                .filter(request -> request.getValue().startsWith(beginning))
                .map(request -> request.getKey().getPort())
                .findFirst();
    }

    /** Resets all connections there are, in the middle of whatever they carry; how many. */
    public int cut() {
        List<Socket> cut = List.copyOf(open);
        cut.forEach(Balancer::reset);
        return cut.size();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> carry(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void carry(Socket client) {
        open.add(client);
        try (client) {
            byte[] head = closing(head(client.getInputStream()));
            if (head.length > 0) {
                exchange(client, head);
            }
        } catch (IOException e) {
            reset(client);
        } finally {
            open.remove(client);
        }
    }

    private void exchange(Socket client, byte[] head) throws IOException {
        Socket server = connect();
        open.add(server);
        requests.put(server, new String(head, ISO_8859_1));
        try (server) {
            server.getOutputStream().write(head);
            Thread sending = Thread.ofVirtual().start(() -> send(client, server));
            server.getInputStream().transferTo(client.getOutputStream());
            client.shutdownOutput();
            // What the client still sends is taken, so that closing does not take the answer from it.
            client.setSoTimeout(LINGER_MILLIS);
            server.close();
            sending.join();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            open.remove(server);
            requests.remove(server);
        }
    }

    /** The rest of what the client sends. When it has gone the server is told so; its answer may be on its way already. */
    private static void send(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException e) {
            if (!server.isClosed() && client.isClosed()) {
                reset(server);
            }
        }
    }

    /** To the next one that lets itself be connected to. */
    private Socket connect() throws IOException {
        List<Integer> there = ports.get();
        for (int i = 0; i < there.size(); i++) {
            int port = there.get(Math.floorMod(next.getAndIncrement(), there.size()));
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), CONNECT_MILLIS);
                return server;
            } catch (IOException e) {
                server.close();
            }
        }
        throw new IOException("nobody is there");
    }

    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            last = last << 8 | b;
            if (last == 0x0D0A0D0A || head.size() == MAX_HEAD) {
                break;
            }
        }
        return head.toByteArray();
    }

    private static byte[] closing(byte[] head) {
        String text = new String(head, ISO_8859_1);
        int first = text.indexOf("\r\n");
        if (first < 0 || !text.substring(0, first).endsWith(" HTTP/1.1") || !text.endsWith("\r\n\r\n")) {
            return head;
        }
        return (text.substring(0, first) + "\r\nConnection: close"
                        + text.substring(first).replaceAll("(?i)\r\nconnection:[^\r]*", ""))
                .getBytes(ISO_8859_1);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
