package dev.sluice.platform.memory;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that answers of this process hold: each claims its bytes before it makes them. The sum of all claims is at most
 * the budget. Claims that wait are served in their order.
 *
 * <p>A request first claims an entry, for what its connection buffers. Entries together hold at most half of the budget, and
 * wait in a queue of their own. So requests that have entered cannot leave nothing for their own answers.
 */
@ApplicationScoped
public class MemoryAccount {
    /** What the connection of a request buffers at the most, in bytes: a whole asset, or what is written of a stream. */
    static final long ENTRY_BYTES = 128 * 1024;

    private final MemoryConfig config;
    private final long budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Waiting> answers = new ArrayDeque<>();
    private final Queue<Waiting> entries = new ArrayDeque<>();
    private long held;
    private long heldByEntries;

    MemoryAccount(MemoryConfig config) {
        this.config = config;
        this.budget = config.memory().asLongValue();
    }

    private record Waiting(Claim claim, long bytes, CompletableFuture<Claim> future) {}

    /** Bytes that all claims together may hold. */
    public long budget() {
        return budget;
    }

    /** How long a claim is waited for. */
    public Duration patience() {
        return config.patience();
    }

    /** Bytes that all claims hold now. */
    public long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Claims an entry once one is free. To cancel the future is to give up the wait; a claim that comes later is given back.
     *
     * @return completed by the thread that gave bytes back, or complete already
     */
    public CompletableFuture<Claim> enter() {
        return enter(ENTRY_BYTES);
    }

    /** The same, for less. */
    public CompletableFuture<Claim> enter(long bytes) {
        return queued(new Claim(true), Math.min(bytes, budget / 2));
    }

    /**
     * Claims bytes for an answer, and waits for them.
     *
     * @throws ProblemException {@code ROWS_BUSY}: others hold them too long; {@code ANSWER_TOO_LARGE}: no answer may hold as much
     */
    public Claim claim(long bytes) {
        if (bytes > budget / 2) {
            throw tooLarge();
        }
        CompletableFuture<Claim> claim = queued(new Claim(false), bytes);
        try {
            return claim.get(config.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw givenUp(claim);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw givenUp(claim);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProblemException givenUp(CompletableFuture<Claim> claim) {
        if (!claim.cancel(false)) {
            claim.join().close();
        }
        return new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ErrorCode.ANSWER_TOO_LARGE,
                "What is held of an answer at a time may have " + budget / 2 + " bytes. Ask for fewer columns.");
    }

    private CompletableFuture<Claim> queued(Claim claim, long bytes) {
        CompletableFuture<Claim> future = new CompletableFuture<>();
        lock.lock();
        try {
            (claim.entry ? entries : answers).add(new Waiting(claim, bytes, future));
        } finally {
            lock.unlock();
        }
        serve();
        return future;
    }

    /** Hands out what is free. A claim that was given up meanwhile is given back, which may serve the next one. */
    private void serve() {
        boolean again = true;
        while (again) {
            List<Waiting> served = take();
            again = false;
            for (Waiting waiting : served) {
                if (!waiting.future.complete(waiting.claim)) {
                    waiting.claim.hold(0);
                    again = true;
                }
            }
        }
    }

    private List<Waiting> take() {
        List<Waiting> taken = new ArrayList<>();
        lock.lock();
        try {
            for (Waiting next = next(); next != null; next = next()) {
                next.claim.hold(next.bytes);
                taken.add(next);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The next that is served now; {@code null} if none is. */
    private Waiting next() {
        answers.removeIf(waiting -> waiting.future.isDone());
        entries.removeIf(waiting -> waiting.future.isDone());
        if (!answers.isEmpty() && held + answers.peek().bytes <= budget) {
            return answers.remove();
        }
        if (!entries.isEmpty() && fits(entries.peek())) {
            return entries.remove();
        }
        return null;
    }

    private boolean fits(Waiting entry) {
        return heldByEntries + entry.bytes <= budget / 2 && held + entry.bytes <= budget;
    }

    /** Bytes that an answer holds. */
    public final class Claim implements AutoCloseable {
        private final boolean entry;
        private long bytes;
        private boolean closed;

        private Claim(boolean entry) {
            this.entry = entry;
        }

        /**
         * Claims more without a wait. False if that much is not free, or if the claim was closed, as it is when a client hangs
         * up while its answer is made; nothing has changed then.
         */
        public boolean grow(long more) {
            lock.lock();
            try {
                if (closed || held + more > budget || entry && heldByEntries + more > budget / 2) {
                    return false;
                }
                hold(bytes + more);
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** Changes how many bytes are held. If it asks for more than is free, nothing changes. */
        public void resize(long now) {
            lock.lock();
            try {
                if (now > bytes) {
                    var _ = grow(now - bytes);
                    return;
                }
            } finally {
                lock.unlock();
            }
            shrink(now);
        }

        /**
         * Gives back a part.
         *
         * @param rest bytes that are still held
         */
        public void shrink(long rest) {
            lock.lock();
            try {
                hold(Math.min(bytes, rest));
            } finally {
                lock.unlock();
            }
            serve();
        }

        private void hold(long now) {
            lock.lock();
            try {
                held += now - bytes;
                heldByEntries += entry ? now - bytes : 0;
                bytes = now;
            } finally {
                lock.unlock();
            }
        }

        /** Gives all back, for good; may be called more than once. */
        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
            } finally {
                lock.unlock();
            }
            shrink(0);
        }
    }
}
