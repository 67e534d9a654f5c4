package dev.sluice.platform.http;

import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.memory.MemoryAccount.Claim;
import dev.sluice.platform.memory.Taking;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lets the requests of one connection in one at a time: the next one once the client has taken the answer before it, and once
 * the process has memory for what the connection will buffer. Meanwhile nothing more is read. A client that sends no complete
 * head, or takes no answer, is hung up on. Stands directly behind the codec of HTTP/1.1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promises that are passed on tell what became of a write
final class Turns extends ChannelDuplexHandler implements Taking {
    /** What is buffered of the answer to a body, or of a stream of events. Either may be open for hours. */
    private static final long LITTLE = 8 * 1024;

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final HttpConfig config;
    private final OpenConnections open;
    private final MemoryAccount memory;
    private final String address;
    private final Reading reading;

    /** What is to be done when the answer is taken. */
    private final Queue<Runnable> whenTaken = new ConcurrentLinkedQueue<>();

    /** Of requests whose turn has not come. */
    private final Queue<Object> held = new ArrayDeque<>();

    /** What the request holds whose turn it is; {@code null} if there is none. */
    private CompletableFuture<Claim> entry;

    private State state = State.IDLE;
    private long since = System.nanoTime();
    private long pending;
    private boolean isPassing;
    private boolean readIsWanted;
    private ScheduledFuture<?> looks;

    /** @param address of the client; {@link MemoryAccount#enter} says what if it is not known */
    Turns(HttpConfig config, OpenConnections open, MemoryAccount memory, String address, Reading reading) {
        this.config = config;
        this.open = open;
        this.memory = memory;
        this.address = address;
        this.reading = reading;
    }

    private enum State {
        /** No byte of the next request has come. */
        IDLE,
        /** The head of a request is coming. */
        HEAD,
        /** A request waits for memory. */
        ENTERING,
        ANSWERING,
        /** The answer is complete, and the client has not taken all of it. */
        TAKING
    }

    private void enter(State next, ChannelHandlerContext ctx) {
        if (next == State.IDLE || state == State.IDLE) {
            open.carries(ctx.channel(), next != State.IDLE);
        }
        state = next;
        since = System.nanoTime();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        looks = ctx.executor()
                .scheduleWithFixedDelay(() -> look(ctx), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HttpObject)) {
            ctx.fireChannelRead(message);
            return;
        }
        held.add(message);
        pass(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reading.hasRead() && state == State.IDLE) {
            enter(State.HEAD, ctx);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (held.isEmpty()) {
            ctx.read();
        } else {
            readIsWanted = true;
        }
    }

    /** Passes on all that may be passed on now. */
    private void pass(ChannelHandlerContext ctx) {
        if (isPassing) {
            return; // the call that is under way goes on
        }
        isPassing = true;
        while (!held.isEmpty() && (!(held.peek() instanceof HttpRequest request) || begins(request, ctx))) {
            Object message = held.remove();
            reading.ofBody(!(message instanceof LastHttpContent));
            var _ = reading.hasRead();
            ctx.fireChannelRead(message);
        }
        isPassing = false;
        reading.stop(!held.isEmpty());
        if (held.isEmpty() && readIsWanted) {
            readIsWanted = false;
            ctx.read();
        }
    }

    /** The same, outside of a read: what was passed on is complete for now. */
    private void passLater(ChannelHandlerContext ctx) {
        if (!held.isEmpty()) {
            pass(ctx);
            ctx.fireChannelReadComplete();
        }
    }

    /** Whether it is the turn of a request. */
    private boolean begins(HttpRequest request, ChannelHandlerContext ctx) {
        if (state == State.ANSWERING || state == State.TAKING) {
            return false;
        }
        if (state != State.ENTERING) {
            enter(State.ENTERING, ctx);
            entry = entry(request);
        }
        if (entry != null && !entry.isDone()) {
            var _ = entry.thenRun(() -> ctx.executor().execute(() -> passLater(ctx)));
            return false;
        }
        enter(State.ANSWERING, ctx);
        return true;
    }

    private CompletableFuture<Claim> entry(HttpRequest request) {
        return switch (request.method().name()) {
            case "PATCH", "POST", "PUT" -> memory.enter(address, LITTLE);
            default -> memory.enter(address, MemoryAccount.ENTRY_BYTES);
        };
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean informs = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse response
                && response.headers().contains(HttpHeaderNames.CONTENT_TYPE, "text/event-stream", true)) {
            hold(LITTLE);
        }
        if (informs || !(message instanceof LastHttpContent)) {
            ctx.write(message, promise);
            return;
        }
        ChannelPromise taken = promise.unvoid();
        enter(State.TAKING, ctx);
        ctx.write(message, taken);
        pending = pending(ctx);
        hold(Math.min(
                pending, MemoryAccount.ENTRY_BYTES)); // what is larger has a claim of its own, but for lists of keys
        taken.addListener(_ -> taken(ctx));
    }

    @Override
    public void whenTaken(Runnable action) {
        whenTaken.add(action);
    }

    @Override
    public boolean isAwaited() {
        return memory.entriesAreAwaited(address);
    }

    private void taken(ChannelHandlerContext ctx) {
        giveBack();
        enter(State.IDLE, ctx);
        passLater(ctx);
    }

    private static long pending(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes(); // there is none once the channel is closed
    }

    private void hold(long bytes) {
        if (entry != null && entry.isDone()) {
            entry.join().resize(bytes);
        }
    }

    private void giveBack() {
        if (entry != null && !entry.cancel(false)) {
            entry.join().close();
        }
        entry = null;
        for (Runnable action = whenTaken.poll(); action != null; action = whenTaken.poll()) {
            action.run();
        }
    }

    private void look(ChannelHandlerContext ctx) {
        Duration waited = Duration.ofNanos(System.nanoTime() - since);
        switch (state) {
            case IDLE -> closeAfter(config.idleTimeout(), waited, ctx);
            case HEAD -> closeAfter(config.headTimeout(), waited, ctx);
            case ENTERING -> {
                if (waited.compareTo(memory.patience()) >= 0 && entry.cancel(false)) {
                    refuse(ctx);
                }
            }
            case ANSWERING -> {}
            case TAKING -> {
                long now = pending(ctx);
                if (now < pending) {
                    pending = now;
                    enter(State.TAKING, ctx);
                } else {
                    closeAfter(isAwaited() ? config.takeTimeoutIfAwaited() : config.takeTimeout(), waited, ctx);
                }
            }
        }
    }

    private static void closeAfter(Duration limit, Duration waited, ChannelHandlerContext ctx) {
        if (waited.compareTo(limit) >= 0) {
            ctx.close();
        }
    }

    /** As one that could not be decoded, which has a way to be refused. */
    private void refuse(ChannelHandlerContext ctx) {
        entry = null;
        enter(State.ANSWERING, ctx);
        HttpRequest request = (HttpRequest) held.remove();
        request.setDecoderResult(DecoderResult.failure(
                new ProblemException(ErrorCode.ROWS_BUSY, "Too many requests are being answered.")));
        ctx.fireChannelRead(request);
        passLater(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        looks.cancel(false);
        giveBack();
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
