package dev.sluice.query;

import dev.sluice.platform.problem.Problems;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jboss.logging.Logger;

/**
 * Fails once the client is gone: the HTTP layer itself takes what nobody reads to the end without a word. Written to by
 * one thread.
 */
final class WhileConnected extends FilterOutputStream {
    private static final Logger LOG = Logger.getLogger(WhileConnected.class);

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private boolean begun;

    WhileConnected(OutputStream out, RoutingContext routing) {
        super(out);
        this.routing = routing;
        this.response = routing.response();
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
        if (response.closed()) {
            throw new IOException("the client has closed the connection");
        }
        begun = true;
        out.write(bytes, off, len);
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
        } else if (routing.request().connection() instanceof ConnectionBase connection) {
            // waited for: whatever is written after this must find the connection closed
            var _ = connection.channel().close().awaitUninterruptibly();
        }
    }
}
