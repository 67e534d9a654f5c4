package dev.sluice.platform.memory;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.netty.channel.Channel;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that answers of this process hold: each claims its bytes before it makes them. The sum of all claims is at most
 * the budget.
 *
 * <p>A request claims in stages. First comes an entry, for what its connection buffers. Then comes its input, which is what it
 * brings and what it reads of the catalog. Its answer comes last. Each stage has a part of the budget of its own. So a request
 * that waits in a stage does not hold up those that are in a later one.
 *
 * <p>In a stage the caller that holds least is served next, and the claims of a caller in their order. The answers of one
 * caller together hold at most half of the budget, its inputs half of their part, and the entries of one address three fifths of theirs.
 * A claim beyond that waits for the caller's own, and no other caller waits behind it. Without keys there is one caller, who may
 * have all.
 */
@ApplicationScoped
public class MemoryAccount {
    /** What the connection of a request buffers at the most, in bytes: a whole asset, or what is written of a stream. */
    public static final long ENTRY_BYTES = 128 * 1024;

    private final MemoryConfig config;
    private final long budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Stage entries;
    private final Stage inputs;
    private final Stage answers;
    private long held;

    MemoryAccount(MemoryConfig config) {
        this.config = config;
        this.budget = config.memory().asLongValue();
        this.entries = new Stage(budget / 16 * 5, budget / 16 * 3);
        this.inputs = new Stage(budget / 8, budget / 16);
        this.answers = new Stage(budget, budget / 2);
    }

    private record Waiting(Claim claim, long bytes, CompletableFuture<Claim> future) {}

    /** Claims of one kind. */
    private final class Stage {
        private final long most;
        private final long mostOfCaller;
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private final Map<String, Long> heldBy = new HashMap<>();
        private long heldByAll;

        private Stage(long most, long mostOfCaller) {
            this.most = most;
            this.mostOfCaller = mostOfCaller;
        }

        private boolean isInShare(String caller, long more) {
            return caller.equals(Caller.ANYBODY.id()) || heldBy(caller) + more <= mostOfCaller;
        }

        private boolean isFree(long more) {
            return heldByAll + more <= most && held + more <= budget;
        }

        private void hold(String caller, long more) {
            held += more;
            heldByAll += more;
            long byCaller = heldBy(caller) + more;
            if (byCaller == 0) {
                heldBy.remove(caller);
            } else {
                heldBy.put(caller, byCaller);
            }
        }

        private long heldBy(String caller) {
            return heldBy.getOrDefault(caller, 0L);
        }

        /** The first claim of the caller that holds least, if there is room for it. Who holds a whole share is left out. */
        private Optional<Waiting> next() {
            waiting.removeIf(w -> w.future.isDone());
            Optional<Waiting> next = waiting.stream()
                    .filter(w -> isInShare(w.claim.caller, w.bytes))
                    .min(Comparator.comparingLong(w -> heldBy(w.claim.caller)))
                    .filter(w -> isFree(w.bytes));
            next.ifPresent(waiting::remove);
            return next;
        }
    }

    /** Bytes that the answers of one caller together may hold. */
    public long mostOfCaller() {
        return answers.mostOfCaller;
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
     * @param address of the client; {@link Caller#ANYBODY}'s id if it is not known
     * @param bytes at most {@link #ENTRY_BYTES}
     * @return completed by the thread that gave bytes back, or complete already
     */
    public CompletableFuture<Claim> enter(String address, long bytes) {
        return queued(new Claim(entries, address), Math.min(bytes, entries.mostOfCaller));
    }

    /** Whether requests wait for an entry: those of that address, or others that do not hold their whole share. */
    public boolean entriesAreAwaited(String address) {
        lock.lock();
        try {
            return entries.waiting.stream()
                    .anyMatch(w -> !w.future.isDone()
                            && (w.claim.caller.equals(address) || entries.isInShare(w.claim.caller, w.bytes)));
        } finally {
            lock.unlock();
        }
    }

    /**
     * For what a request brings, or reads of the catalog.
     *
     * @param caller the id of who asks
     */
    public Input inputOf(String caller) {
        return new Input(caller);
    }

    /**
     * Claims bytes for an answer, and waits for them.
     *
     * @param caller the id of who is answered
     * @throws ProblemException {@code ROWS_BUSY}: others hold them too long; {@code ANSWER_TOO_LARGE}: no answer may hold as much
     */
    public Claim claim(String caller, long bytes) {
        if (bytes > answers.mostOfCaller) {
            throw new ProblemException(
                    ErrorCode.ANSWER_TOO_LARGE,
                    "What is held of an answer at a time may have " + answers.mostOfCaller
                            + " bytes. Ask for fewer columns.");
        }
        return awaited(new Claim(answers, caller), bytes);
    }

    /** The same, until the client has taken the answer or has gone. */
    Claim claim(String caller, long bytes, RoutingContext routing) {
        Claim claim = claim(caller, bytes);
        Channel channel = ((ConnectionBase) routing.request().connection()).channel();
        Taking.of(routing).ifPresent(taking -> taking.whenTaken(claim::close));
        if (!channel.isActive()) { // then nothing stands in its pipeline any longer
            claim.close();
        }
        return claim;
    }

    private Claim awaited(Claim wanted, long bytes) {
        CompletableFuture<Claim> claim = queued(wanted, bytes);
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

    private ProblemException givenUp(CompletableFuture<Claim> claim) {
        if (claim.cancel(false)) {
            serve(); // others may have waited behind it
        } else {
            claim.join().close();
        }
        return new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
    }

    private CompletableFuture<Claim> queued(Claim claim, long bytes) {
        CompletableFuture<Claim> future = new CompletableFuture<>();
        lock.lock();
        try {
            if (noClaimWaits() && claim.grow(bytes)) {
                future.complete(claim);
                return future;
            }
            claim.stage.waiting.add(new Waiting(claim, bytes, future));
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

    private boolean noClaimWaits() {
        return answers.waiting.isEmpty() && inputs.waiting.isEmpty() && entries.waiting.isEmpty();
    }

    private List<Waiting> take() {
        lock.lock();
        try {
            if (noClaimWaits()) {
                return List.of();
            }
            List<Waiting> taken = new ArrayList<>();
            for (Optional<Waiting> next = next(); next.isPresent(); next = next()) {
                next.get().claim.hold(next.get().bytes);
                taken.add(next.get());
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The next that is served now. Those come first that have come furthest. */
    private Optional<Waiting> next() {
        return answers.next().or(inputs::next).or(entries::next);
    }

    /** Bytes of the input of a request, which are known shortly before it is read. */
    public final class Input implements AutoCloseable {
        private final String caller;
        private Claim claim;

        private Input(String caller) {
            this.caller = caller;
        }

        /**
         * Claims bytes in place of those before, and waits for them. What is more than a caller may hold takes all of that.
         *
         * @throws ProblemException {@code ROWS_BUSY}: others hold them too long
         */
        public void hold(long bytes) {
            close();
            claim = awaited(new Claim(inputs, caller), Math.min(bytes, inputs.mostOfCaller));
        }

        /** Gives back what is above a number of bytes: an input takes less once it has been read. */
        public void keep(long bytes) {
            claim.shrink(bytes);
        }

        @Override
        public void close() {
            if (claim != null) {
                claim.close();
            }
        }
    }

    /** Bytes that a request holds. */
    public final class Claim implements AutoCloseable {
        private final Stage stage;
        private final String caller;
        private long bytes;
        private boolean closed;

        private Claim(Stage stage, String caller) {
            this.stage = stage;
            this.caller = caller;
        }

        /** Whether that many bytes are within the share of one caller. */
        boolean mayHold(long most) {
            return most <= stage.mostOfCaller;
        }

        /**
         * Claims more without a wait. False if that much is not free, or if the claim was closed, as it is when a client hangs
         * up while its answer is made; nothing has changed then.
         */
        public boolean grow(long more) {
            lock.lock();
            try {
                if (closed || !stage.isInShare(caller, more) || !stage.isFree(more)) {
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
                stage.hold(caller, now - bytes);
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
