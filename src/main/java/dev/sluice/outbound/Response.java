package dev.sluice.outbound;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * An answer whose body is taken part by part. At most {@link #AHEAD} parts are kept that nobody has taken; then the
 * connection is no longer read from, until somebody does. One thread takes; any may abort.
 */
final class Response {
    /** Parts of at most {@link Connections#CHUNK} bytes. */
    private static final int AHEAD = 8;

    private final HttpClientRequest request;
    private final HttpClientResponse head;
    private final Context context;
    private final BlockingDeque<Part> parts = new LinkedBlockingDeque<>();
    private volatile boolean ended;

    /** On the event loop, with the head: the body must find its handlers. */
    Response(HttpClientRequest request, HttpClientResponse head) {
        this.request = request;
        this.head = head;
        this.context = Vertx.currentContext();
        head.pause();
        head.handler(buffer -> parts.add(new Part.Bytes(buffer)));
        head.endHandler(_ -> {
            ended = true;
            parts.add(new Part.End());
        });
        head.exceptionHandler(e -> parts.add(new Part.Broken(e)));
        head.fetch(AHEAD);
    }

    int status() {
        return head.statusCode();
    }

    /** A header of the head; {@code null} if it has none of that name. */
    String header(String name) {
        return head.getHeader(name);
    }

    /** The next part; {@code null} if there is none within that time. After the last one there is none. */
    Part next(Duration wait) throws InterruptedException {
        Part part = parts.pollFirst(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (part instanceof Part.Bytes) {
            context.runOnContext(_ -> head.fetch(1));
        }
        return part;
    }

    /**
     * Gives the answer up, and the connection with it, unless it has ended or is about to. Who waits for a part is told at
     * once.
     */
    void abort() {
        parts.addFirst(new Part.Aborted());
        if (!ended && hasBody()) {
            request.reset();
        }
    }

    /** Without one it ends by itself, and its connection may serve the next request already. */
    private boolean hasBody() {
        return status() != 304 && status() != 204 && !"0".equals(header("Content-Length"));
    }
}
