package dev.sluice.query;

import dev.sluice.platform.problem.Problems;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Fails once the client is gone, or takes nothing for too long: the HTTP layer itself takes what nobody reads to the end
 * without a word, and waits for a client for ever. Written to by one thread.
 */
final class WhileConnected extends FilterOutputStream {
    private static final Logger LOG = Logger.getLogger(WhileConnected.class);

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private final Watchdog watchdog;
    private boolean begun;

    /** @param patience with the client, for one write */
    WhileConnected(OutputStream out, RoutingContext routing, Duration patience) {
        super(inStep(out, routing));
        this.routing = routing;
        this.response = routing.response();
        this.watchdog = new Watchdog(routing.vertx(), patience, this::giveUp);
    }

    private static OutputStream inStep(OutputStream out, RoutingContext routing) {
        return routing.request().connection() instanceof ConnectionBase connection
                ? new InStep(out, connection.channel().eventLoop())
                : out;
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
        if (response.closed()) {
            throw new IOException("the client has closed the connection");
        }
        begun = true;
        watchdog.begins();
        out.write(bytes, off, len);
        watchdog.ends();
    }

    @Override
    public void flush() throws IOException {
        watchdog.begins();
        out.flush();
        watchdog.ends();
    }

    @Override
    public void close() {
        watchdog.close(); // the answer itself is ended by who began it
    }

    private void giveUp() {
        LOG.debug("A client took nothing for too long");
        var _ = hangUp();
    }

    /** At once, past the handlers of the HTTP layer: theirs would wait for the client to take what was written. */
    private Future<?> hangUp() {
        if (routing.request().version() != HttpVersion.HTTP_2
                && routing.request().connection() instanceof ConnectionBase connection) {
            ChannelHandlerContext first = connection.channel().pipeline().firstContext();
            return first == null ? connection.channel().closeFuture() : first.close(); // it has none once it is closed
        }
        response.reset();
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    /**
     * Breaks off an answer that has begun. Left to itself the HTTP layer may write a problem document into it and end it
     * well, while its head is on its way.
     */
    void failed(Throwable failure) {
        if (!begun) {
            return;
        }
        if (!(failure instanceof IOException) && !response.closed()) { // a client that hangs up has its query cancelled
            LOG.warnf("An answer was broken off: %s", Problems.of(failure).code());
        }
        // waited for: whatever is written after this must find the connection closed
        var _ = hangUp().awaitUninterruptibly();
    }
}
