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
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Puts {@link Refusals} into each connection that a client opens, from the moment the server listens. Neither Vert.x nor
 * Quarkus has a hook for that: the connections come through the pipeline of the listening channel.
 */
class Connections {
    private static final String NAME = "sluice";

    /** As Vert.x calls its encoder of HTTP/1.1, which stands behind the decoder. */
    private static final String ENCODER = "httpEncoder";

    private final VertxInternal vertx;
    private final Optional<ForwardedHeaders> forwarded;

    Connections(
            Vertx vertx,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean isBehindProxy,
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> proxies) {
        this.vertx = (VertxInternal) vertx;
        this.forwarded = isBehindProxy
                ? Optional.of(new ForwardedHeaders(TrustedProxies.of(proxies.orElse(List.of()))))
                : Optional.empty();
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
                        .forEachRemaining(channel -> guard(channel, new Handlers(limits, forwarded)))));
    }

    private static void guard(Channel channel, Handlers handlers) {
        if (channel instanceof ServerChannel && channel.pipeline().get(NAME) == null) {
            channel.pipeline().addFirst(NAME, new Accepted(handlers));
        }
    }

    /** What stands behind the decoder of a connection: {@link Refusals} within these limits, and behind them the other. */
    private record Handlers(HttpServerOptions limits, Optional<ForwardedHeaders> forwarded) {}

    /** In the pipeline of a listening channel: what it reads are connections. */
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final Handlers handlers;

        private Accepted(Handlers handlers) {
            this.handlers = handlers;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Channel connection) {
                connection.pipeline().addLast(NAME, new FirstBytes(handlers));
            }
            ctx.fireChannelRead(message);
        }
    }

    /**
     * In the pipeline of a connection until bytes of HTTP/1.1 come: only then are Vert.x' handlers complete, which depend on
     * TLS and on the client's protocol. It stands before all that Vert.x has added since the last bytes.
     */
    private static final class FirstBytes extends ChannelInboundHandlerAdapter {
        private final Handlers handlers;

        private FirstBytes(Handlers handlers) {
            this.handlers = handlers;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ChannelPipeline pipeline = ctx.pipeline();
            if (pipeline.get(ENCODER) != null) {
                handlers.forwarded.ifPresent(handler -> pipeline.addAfter(ENCODER, null, handler));
                pipeline.addAfter(ENCODER, null, new Refusals(handlers.limits));
            } else {
                pipeline.addLast(new FirstBytes(handlers));
            }
            ctx.fireChannelRead(bytes);
            pipeline.remove(this);
        }
    }
}
