package dev.sluice.query;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rows on their way to a client. Its beginning is here before anything is sent, so that a query that fails gets a problem
 * document and a small answer is whole and counted; the rest goes out as the cursor yields it.
 */
final class Answer implements AutoCloseable {
    private static final int BEGINNING = 32 * 1024;

    private final RowStream stream;
    private final RowEncoder encoder;
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final boolean numbered;
    private long rows;
    private long last;
    private boolean whole;

    private Answer(RowStream stream, RowEncoder encoder, boolean numbered) {
        this.stream = stream;
        this.encoder = encoder;
        this.numbered = numbered;
    }

    /**
     * Encodes the first rows.
     *
     * @param numbered whether the last column of the rows is their number
     */
    static Answer begin(RowStream stream, RowEncoder encoder, boolean numbered) {
        Answer answer = new Answer(stream, encoder, numbered);
        boolean begun = false;
        try {
            answer.begin();
            begun = true;
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!begun) {
                stream.close();
            }
        }
    }

    /** The only value of the only row of another query, on the same connection; {@code null} if there is no row. */
    String value(RowsSql query) {
        return stream.value(query);
    }

    private void begin() throws IOException {
        encoder.begin(beginning);
        while (beginning.size() < BEGINNING || rows < 2) { // two, so that one row is known to be the only one
            if (!stream.next()) {
                encoder.end(beginning);
                stream.close();
                whole = true;
                return;
            }
            stream.write(encoder, beginning);
            rows++;
            if (numbered) {
                last = stream.number();
            }
        }
    }

    /** Whether the beginning is all of it. */
    boolean isWhole() {
        return whole;
    }

    /** Rows of the beginning. */
    long rows() {
        return rows;
    }

    /** The number of the last row of the beginning. */
    long last() {
        return last;
    }

    /** What to send. If nobody comes to send it the rows are given up at the end of the request. */
    Object entity(RoutingContext routing) {
        if (whole) {
            return beginning.toByteArray();
        }
        if (routing.request().method().name().equals("HEAD")) {
            close();
            return null;
        }
        routing.addEndHandler(_ -> Thread.startVirtualThread(this::close));
        if (routing.response().closed()) {
            close();
        }
        return (StreamingOutput) out -> write(new WhileConnected(out, routing));
    }

    private void write(WhileConnected connected) throws IOException {
        if (!taken.compareAndSet(false, true)) {
            throw new IOException("the client has closed the connection");
        }
        try (stream) {
            OutputStream out = new BufferedOutputStream(connected, BEGINNING);
            beginning.writeTo(out);
            while (stream.next()) {
                stream.write(encoder, out);
            }
            encoder.end(out);
            out.flush();
        } catch (IOException | RuntimeException | Error e) {
            connected.failed(e);
            throw e;
        }
    }

    /** Gives up what nobody has begun to send. */
    @Override
    public void close() {
        if (taken.compareAndSet(false, true)) {
            stream.close();
        }
    }
}
