package dev.sluice.platform.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.quarkus.vertx.http.DomainSocketServerStart;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.ObservesAsync;

/**
 * Puts {@link Refusals} into each connection that a client opens, from the moment the server listens. Neither Vert.x nor
 * Quarkus has a hook for that: the connections come through the pipeline of the listening channel.
 */
class Connections {
    private static final String NAME = "sluice";

    /** As Vert.x calls its encoder of HTTP/1.1, which stands behind the decoder. */
    private static final String ENCODER = "httpEncoder";

    private final VertxInternal vertx;

    Connections(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
    }

    void http(@ObservesAsync HttpServerStart server) {
        guard(server.options());
    }

    void https(@ObservesAsync HttpsServerStart server) {
        guard(server.options());
    }

    void domainSocket(@ObservesAsync DomainSocketServerStart server) {
        guard(server.options());
    }

    private void guard(HttpServerOptions limits) {
        vertx.getAcceptorEventLoopGroup()
                .forEach(loop -> loop.execute(() -> ((SingleThreadEventLoop) loop)
                        .registeredChannelsIterator()
                        .forEachRemaining(channel -> guard(channel, limits))));
    }

    private static void guard(Channel channel, HttpServerOptions limits) {
        if (channel instanceof ServerChannel && channel.pipeline().get(NAME) == null) {
            channel.pipeline().addFirst(NAME, new Accepted(limits));
        }
    }

    /** In the pipeline of a listening channel: what it reads are connections. */
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions limits;

        private Accepted(HttpServerOptions limits) {
            this.limits = limits;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Channel connection) {
                connection.pipeline().addLast(NAME, new FirstBytes(limits));
            }
            ctx.fireChannelRead(message);
        }
    }

    /**
     * In the pipeline of a connection until bytes of HTTP/1.1 come: only then are Vert.x' handlers complete, which depend on
     * TLS and on the client's protocol. It stands before all that Vert.x has added since the last bytes.
     */
    private static final class FirstBytes extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions limits;

        private FirstBytes(HttpServerOptions limits) {
            this.limits = limits;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ChannelPipeline pipeline = ctx.pipeline();
            if (pipeline.get(ENCODER) != null) {
                pipeline.addAfter(ENCODER, null, new Refusals(limits));
            } else {
                pipeline.addLast(new FirstBytes(limits));
            }
            ctx.fireChannelRead(bytes);
            pipeline.remove(this);
        }
    }
}
