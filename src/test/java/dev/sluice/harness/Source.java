package dev.sluice.harness;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A source on the web that behaves as a test says: HTTP/1.1 on a socket of 127.0.0.1, a thread for each connection. Paths
 * without an answer are 404. What it does to a path can be changed at any time.
 */
public final class Source implements AutoCloseable {
    private final String scheme;
    private final ServerSocket socket;
    private final Map<String, SourceAnswer> answers = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong written = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    private Source(String scheme, ServerSocket socket) {
        this.scheme = scheme;
        this.socket = socket;
    }

    /**
     * A request as it came.
     *
     * @param headers by their names in lower case
     */
    public record Received(String method, String target, Map<String, String> headers) {
        /** {@code null} if it was not sent. */
        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }
    }

    public static Source start() {
        try {
            return start("http", new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same over TLS. */
    public static Source start(SelfSigned certificate) {
        try {
            ServerSocket socket = certificate
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
            return start("https", socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source start(String scheme, ServerSocket socket) {
        Source source = new Source(scheme, socket);
        Thread.ofPlatform().daemon().name("source").start(source::accept);
        return source;
    }

    /** From now on requests to this path get this answer. */
    public Source on(String path, SourceAnswer answer) {
        answers.put(path, answer);
        return this;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** By the address. */
    public URI uri(String path) {
        return uri("127.0.0.1", path);
    }

    /** By a name that the reader must know how to resolve. */
    public URI uri(String host, String path) {
        return URI.create(scheme + "://" + host + ":" + port() + path);
    }

    /** All requests so far, in the order they came. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** The requests to one path so far. */
    public List<Received> received(String path) {
        return received.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections whose other end was closed while an answer was going on. */
    public int lost() {
        return lost.get();
    }

    /** Bytes, of heads and bodies, that the operating system has taken from us so far. */
    public long written() {
        return written.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                open.add(connection);
                Thread.ofPlatform().daemon().name("source-connection").start(() -> serve(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            SourceOutput out = new SourceOutput(connection.getOutputStream(), in, written);
            for (Received request = read(in); request != null; request = read(in)) {
                received.add(request);
                answers.getOrDefault(request.path(), SourceAnswer.status(404)).answer(request, out);
            }
        } catch (SourceAnswer.HangUp _) {
            return; // closes the connection, as the answer wants it
        } catch (IOException _) {
            lost.incrementAndGet();
        } finally {
            open.remove(connection);
        }
    }

    private static Received read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return new Received(words[0], words[1], headers);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Closes all connections too, whatever is going on. */
    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
