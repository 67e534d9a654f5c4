package dev.sluice.query;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rows on their way to a client. Its beginning is here before anything is sent, so that a query that fails gets a problem
 * document and a small answer is whole and counted; the rest goes out as it comes.
 */
final class Answer implements AutoCloseable {
    private static final int BEGINNING = 32 * 1024;

    private final RowStream stream;
    private final RowEncoder encoder;
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final AtomicBoolean taken = new AtomicBoolean();
    private long rows;
    private long last;
    private boolean whole;

    private Answer(RowStream stream, RowEncoder encoder) {
        this.stream = stream;
        this.encoder = encoder;
    }

    /** Encodes the first rows. */
    static Answer begin(RowStream stream, RowEncoder encoder) {
        Answer answer = new Answer(stream, encoder);
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

    private void begin() throws IOException {
        encoder.begin(beginning);
        while (beginning.size() < BEGINNING || encoder.isOfOne()) {
            if (!stream.next()) {
                encoder.end(beginning);
                whole = true;
                if (isSmall()) {
                    stream.close();
                }
                return;
            }
            rows++;
            if (encoder.isOfOne() && rows > 1) {
                return; // it is not the only one
            }
            encoder.row(stream.text(), stream.length(), beginning);
            last = stream.number();
        }
    }

    /** Whether what is whole needs no memory but that of its connection. */
    private boolean isSmall() {
        return beginning.size() <= 2 * BEGINNING;
    }

    /** How many rows have been read of it; more may come. Of an answer that is to have one, at most two. */
    long begun() {
        return rows;
    }

    /** How many rows it has; {@code null} if only its end will show it. */
    Long count() {
        return whole ? Long.valueOf(rows) : stream.count();
    }

    /** The number of its last row, if that is known and it has as many as it may have. */
    Optional<Long> last() {
        return Optional.ofNullable(whole ? Long.valueOf(last) : stream.last());
    }

    /**
     * What to send. If nobody comes to send it the rows are given up at the end of the request.
     *
     * @param patience with the client, for 32 KiB
     */
    Object entity(RoutingContext routing, Duration patience) {
        if (whole && isSmall()) {
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
        return (StreamingOutput) out -> {
            try (WhileConnected connected = new WhileConnected(out, routing, patience)) {
                write(connected);
            }
        };
    }

    private void write(WhileConnected connected) throws IOException {
        if (!taken.compareAndSet(false, true)) {
            throw new IOException("the client has closed the connection");
        }
        try (stream) {
            OutputStream out = new BufferedOutputStream(connected, BEGINNING);
            beginning.writeTo(out);
            if (!whole) {
                while (stream.next()) {
                    encoder.row(stream.text(), stream.length(), out);
                }
                stream.close(); // nothing is left to wait for but the client
                encoder.end(out);
            }
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
