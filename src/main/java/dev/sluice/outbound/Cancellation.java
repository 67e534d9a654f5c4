package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends whatever one thread is waiting for. That thread says what it waits for; any thread may {@link #cancel}. */
final class Cancellation {
    private boolean cancelled;
    private Runnable end = () -> {};

    /**
     * Does nothing, most of the time.
     *
     * @throws AsynchronousCloseException once cancelled
     */
    synchronized void check() throws AsynchronousCloseException {
        if (cancelled) {
            throw new AsynchronousCloseException();
        }
    }

    /** Ends what is being waited for and all that will be. */
    void cancel() {
        Runnable now;
        synchronized (this) {
            cancelled = true;
            now = end;
        }
        now.run();
    }

    /**
     * From now on this is what cancelling does; at once, if it has been cancelled already.
     *
     * @param next may be run more than once
     */
    void ends(Runnable next) {
        synchronized (this) {
            end = next;
            if (!cancelled) {
                return;
            }
        }
        next.run();
    }

    /**
     * Waits for a result.
     *
     * @throws AsynchronousCloseException when cancelled
     * @throws FetchException {@code DRAINING} when the thread is interrupted; it stays interrupted
     * @throws ExecutionException with the cause, when there will be no result
     */
    <T> T await(CompletionStage<T> result, Duration limit) throws IOException, ExecutionException, TimeoutException {
        CompletableFuture<T> waiting = result.toCompletableFuture().copy();
        ends(() -> waiting.completeExceptionally(new AsynchronousCloseException()));
        try {
            return waiting.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AsynchronousCloseException close) {
                throw close;
            }
            throw e;
        }
    }

    /**
     * Waits for nothing but being cancelled.
     *
     * @throws AsynchronousCloseException when that happens
     */
    void pause(Duration time) throws IOException {
        try {
            await(new CompletableFuture<>(), time);
        } catch (TimeoutException _) {
            return; // nobody cancelled
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an interrupted wait amounts to. */
    static FetchException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return FetchException.retryable(ErrorCode.DRAINING, "The process is shutting down.", e);
    }
}
