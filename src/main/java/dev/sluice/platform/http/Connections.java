package dev.sluice.platform.http;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.MemoryAccount;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.quarkus.vertx.http.DomainSocketServerStart;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Puts {@link RequestLines}, {@link Turns}, {@link Refusals}, {@link FailedWrites} and behind a proxy {@link ForwardedHeaders} into each connection that a client opens,
 * from the moment the server listens. Neither Vert.x nor Quarkus has a hook for that: the connections come through the pipeline of the listening channel.
 */
class Connections {
    private static final String NAME = "sluice";

    /** As Vert.x calls its encoder of HTTP/1.1, which stands behind the decoder. */
    private static final String ENCODER = "httpEncoder";

    private static final String DECODER = "httpDecoder";

    private final VertxInternal vertx;
    private final HttpConfig config;
    private final MemoryAccount memory;
    private final OpenConnections open;
    private final Optional<ForwardedHeaders> forwarded;

    Connections(
            Vertx vertx,
            HttpConfig config,
            MemoryAccount memory,
            OpenConnections open,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean isBehindProxy,
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> proxies) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
        this.memory = memory;
        this.open = open;
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

    /** Nothing but {@link FailedWrites}, once a request has come: no client reaches this port. */
    void management(@Observes ManagementInterface port) {
        port.router().route().order(Integer.MIN_VALUE).handler(routing -> {
            ChannelPipeline pipeline =
                    ((ConnectionBase) routing.request().connection()).channel().pipeline();
            if (pipeline.get(ENCODER) != null && pipeline.get(FailedWrites.class) == null) {
                pipeline.addAfter(ENCODER, null, new FailedWrites());
            }
            routing.next();
        });
    }

    private void guard(HttpServerOptions limits) {
        vertx.getAcceptorEventLoopGroup()
                .forEach(loop -> loop.execute(() -> ((SingleThreadEventLoop) loop)
                        .registeredChannelsIterator()
                        .forEachRemaining(channel -> guard(channel, limits))));
    }

    private void guard(Channel channel, HttpServerOptions limits) {
        if (channel instanceof ServerChannel
                && isOf(limits, channel)
                && channel.pipeline().get(NAME) == null) {
            channel.pipeline().addFirst(NAME, new Accepted(limits));
        }
    }

    /** The port of health and metrics is another server's, which may be starting now. */
    private static boolean isOf(HttpServerOptions server, Channel listening) {
        return listening.localAddress() instanceof InetSocketAddress address
                ? address.getPort() == server.getPort()
                : listening.localAddress() != null;
    }

    /** Behind a proxy all clients have the proxy's. */
    private String address(Channel connection) {
        return forwarded.isPresent()
                ? Caller.ANYBODY.id()
                : OpenConnections.network(connection).orElse(Caller.ANYBODY.id());
    }

    /** In the pipeline of a listening channel: what it reads are connections. */
    private final class Accepted extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions limits;

        private Accepted(HttpServerOptions limits) {
            this.limits = limits;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Channel connection) {
                if (!open.add(connection)) {
                    connection.unsafe().closeForcibly();
                    return;
                }
                Reading reading = new Reading();
                connection.config().setRecvByteBufAllocator(reading);
                connection.pipeline().addLast(NAME, new FirstBytes(limits, reading));
            }
            ctx.fireChannelRead(message);
        }
    }

    /**
     * In the pipeline of a connection until bytes of HTTP/1.1 come: only then are Vert.x' handlers complete, which depend on
     * TLS and on the client's protocol. It stands before all that Vert.x has added since the last bytes. A client that sends
     * nothing is hung up on.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is to be done once it is closed
    private final class FirstBytes extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions limits;
        private final Reading reading;
        private ScheduledFuture<?> end;

        private FirstBytes(HttpServerOptions limits, Reading reading) {
            this.limits = limits;
            this.reading = reading;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            open.carries(ctx.channel(), false);
            end = ctx.executor()
                    .schedule(
                            () -> {
                                ctx.close();
                            },
                            config.idleTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            end.cancel(false);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ChannelPipeline pipeline = ctx.pipeline();
            if (pipeline.get(ENCODER) != null) {
                pipeline.replace(DECODER, DECODER, new RequestLines(limits));
                forwarded.ifPresent(handler -> pipeline.addAfter(ENCODER, null, handler));
                pipeline.addAfter(ENCODER, null, new FailedWrites());
                pipeline.addAfter(ENCODER, null, new Refusals(limits));
                pipeline.addAfter(ENCODER, null, new Turns(config, open, memory, address(ctx.channel()), reading));
            } else {
                pipeline.addLast(new FirstBytes(limits, reading));
            }
            ctx.fireChannelRead(bytes);
            pipeline.remove(this);
        }
    }
}
