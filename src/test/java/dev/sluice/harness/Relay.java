package dev.sluice.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Stands before a database and forwards what both sides send, until it is silent: then it forwards nothing and ends no
 * connection, as a host that has vanished.
 */
public final class Relay implements AutoCloseable {
    private static final String URL = "quarkus.datasource.jdbc.url";

    private final ServerSocket socket;
    private final URI database;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private Relay(ServerSocket socket, URI database) {
        this.socket = socket;
        this.database = database;
    }

    /** Before the database of that configuration. */
    public static Relay before(Map<String, String> direct) {
        try {
            URI database = URI.create(direct.get(URL).substring("jdbc:".length()));
            Relay relay = new Relay(new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1")), database);
            Thread.ofPlatform().daemon().name("relay").start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same configuration, by way of it. */
    public Map<String, String> configuration(Map<String, String> direct) {
        Map<String, String> by = new HashMap<>(direct);
        by.put(URL, "jdbc:postgresql://127.0.0.1:" + socket.getLocalPort() + database.getPath());
        return by;
    }

    /** From now on nothing is heard of the database. */
    public void silence() {
        gate = new CountDownLatch(1);
    }

    /** What was kept back is forwarded, and all that follows. */
    public void speak() {
        gate.countDown();
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
        try (client;
                Socket server = new Socket(database.getHost(), database.getPort())) {
            Thread answers = Thread.ofVirtual().start(() -> forward(server, client));
            forward(client, server);
            answers.join();
        } catch (IOException e) {
            // one of them has ended the connection
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] bytes = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read; (read = in.read(bytes)) >= 0; ) {
                gate.await();
                out.write(bytes, 0, read);
            }
            gate.await();
            to.shutdownOutput();
        } catch (IOException e) {
            // one of them has ended the connection
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        speak();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
