package dev.sluice.harness;

import dev.sluice.harness.Source.Received;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** How a source answers a request. {@link SourceFile} answers with bytes, well or badly. */
@FunctionalInterface
public interface SourceAnswer {
    /** Writes one answer. The connection serves a next request if this returns, and is closed if it throws. */
    void answer(Received request, SourceOutput out) throws IOException;

    /** Closes the connection in good order, in the middle of an answer for all we know. */
    final class HangUp extends IOException {
        @Serial
        private static final long serialVersionUID = 1;
    }

    /** A status without a body. */
    static SourceAnswer status(int status) {
        return status(status, Map.of());
    }

    /** A status with headers and without a body; for a 429 or 503 with {@code Retry-After}, say. */
    static SourceAnswer status(int status, Map<String, String> headers) {
        return (_, out) -> {
            Map<String, String> all = new HashMap<>(headers);
            if (status != 304) {
                all.put("Content-Length", "0");
            }
            out.head(status, all);
        };
    }

    static SourceAnswer redirect(int status, String location) {
        return status(status, Map.of("Location", location));
    }

    /** One answer after the other; the last one stays. */
    static SourceAnswer inTurn(SourceAnswer... answers) {
        List<SourceAnswer> all = List.of(answers);
        AtomicInteger next = new AtomicInteger();
        return (request, out) ->
                all.get(Math.min(next.getAndIncrement(), all.size() - 1)).answer(request, out);
    }

    /** Accepts the request and never answers. */
    static SourceAnswer silence() {
        return (_, out) -> out.stall();
    }

    /** Closes the connection instead of answering. */
    static SourceAnswer hangUp() {
        return (_, _) -> {
            throw new HangUp();
        };
    }

    /** The same chunk for ever. */
    static SourceAnswer endless(byte[] chunk) {
        return endless(chunk, Duration.ZERO);
    }

    /** The same chunk for ever, with a pause before each. */
    static SourceAnswer endless(byte[] chunk, Duration pause) {
        return (_, out) -> {
            out.head(200, Map.of("Transfer-Encoding", "chunked"));
            while (true) {
                LockSupport.parkNanos(pause.toNanos());
                out.chunk(chunk);
            }
        };
    }

    /** These bytes at once, and then the digit 1 again and again for ever, with a pause before each. */
    static SourceAnswer trickling(byte[] first, Duration pause) {
        return (_, out) -> {
            out.head(200, Map.of("Transfer-Encoding", "chunked"));
            out.chunk(first);
            while (true) {
                LockSupport.parkNanos(pause.toNanos());
                out.chunk(new byte[] {'1'});
            }
        };
    }

    /** These bytes, evenly over so long a time. */
    static SourceAnswer over(Duration time, byte[] bytes) {
        int pieces = 50;
        return (_, out) -> {
            out.head(200, Map.of("Content-Length", Integer.toString(bytes.length)));
            for (int i = 0; i < pieces; i++) {
                int start = (int) ((long) bytes.length * i / pieces);
                out.write(bytes, start, (int) ((long) bytes.length * (i + 1) / pieces) - start);
                LockSupport.parkNanos(time.toNanos() / pieces);
            }
        };
    }

    /** These bytes so many times, under these headers, its length announced. */
    static SourceAnswer repeated(byte[] part, int times, Map<String, String> headers) {
        return (_, out) -> {
            Map<String, String> all = new HashMap<>(headers);
            all.put("Content-Length", Long.toString((long) part.length * times));
            out.head(200, all);
            for (int i = 0; i < times; i++) {
                out.write(part);
            }
        };
    }
}
