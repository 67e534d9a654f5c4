package dev.sluice.query;

import dev.sluice.platform.problem.Problems;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Fails once the client is gone, and hangs up on one that takes nothing for a while: the HTTP layer itself takes what
 * nobody reads to the end without a word, and waits for a silent client for ever. Written to by one thread.
 */
final class WhileConnected extends FilterOutputStream {
    private static final Logger LOG = Logger.getLogger(WhileConnected.class);
    private static final int CHECKS = 4;

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private boolean begun;
    private final long timer;
    private volatile long writingSince;

    WhileConnected(OutputStream out, RoutingContext routing, Duration idle) {
        super(out);
        this.routing = routing;
        this.response = routing.response();
        this.vertx = routing.vertx();
        this.timer = vertx.setPeriodic(Math.max(1, idle.toMillis() / CHECKS), _ -> {
            long since = writingSince;
            if (since != 0 && System.nanoTime() - since > idle.toNanos()) {
                LOG.debugf("A client took nothing for %s", idle);
                routing.request().connection().close();
            }
        });
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
        if (response.closed()) {
            throw new IOException("the client has closed the connection");
        }
        begun = true;
        writingSince = System.nanoTime() | 1;
        out.write(bytes, off, len);
        writingSince = 0;
    }

    @Override
    public void flush() throws IOException {
        writingSince = System.nanoTime() | 1;
        out.flush();
        writingSince = 0;
    }

    /**
     * Breaks off an answer that has begun. Left to itself the HTTP layer may write a problem document into it and end it
     * well, while its head is on its way.
     */
    void failed(Throwable failure) {
        if (!begun) {
            return;
        }
        if (!(failure instanceof IOException)) {
            LOG.warnf("An answer was broken off: %s", Problems.of(failure).code());
        }
        if (routing.request().version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            routing.request().connection().close();
        }
    }

    /** Stops watching; the stream below is ended by whoever began it. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
