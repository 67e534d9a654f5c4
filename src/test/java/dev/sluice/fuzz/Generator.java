package dev.sluice.fuzz;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Makes requests on one thread, so that a seed makes the same ones in the same order, but for the ids and secrets in them,
 * whoever sends them then.
 */
final class Generator implements Runnable {
    private static final int SIZE = 1000;

    private final Random random;
    private final Mutation mutation;
    private final Stock stock;
    private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(100);
    private volatile boolean ended;

    Generator(long seed, Stock stock) {
        this.random = new Random(seed);
        this.mutation = new Mutation(random);
        this.stock = stock;
    }

    /** The next request; {@code null} if none comes any more. */
    Request next() throws InterruptedException {
        return ended ? queue.poll() : queue.poll(10, TimeUnit.SECONDS);
    }

    void end() {
        ended = true;
    }

    @Override
    public void run() {
        JqwikSession.run(() -> {
            List<Kind> kinds = List.of(Kind.values());
            Map<Kind, RandomGenerator<Draft>> drafts = new EnumMap<>(Kind.class);
            for (Kind kind : kinds) {
                drafts.put(kind, kind.drafts().generator(SIZE, true));
            }
            for (long number = 1; !ended; number++) {
                Kind kind = kinds.get(random.nextInt(kinds.size()));
                Request request =
                        request(number, kind, drafts.get(kind).next(random).value());
                while (!ended && !queue.offer(request, 100, TimeUnit.MILLISECONDS)) {
                    // those that send are slow
                }
                if (number % SIZE == 0) {
                    JqwikSession.finishTry();
                }
            }
        });
    }

    /** Most of them as they are, most others with a part changed, the rest with any byte changed. */
    private Request request(long number, Kind kind, Draft draft) {
        int how = random.nextInt(20);
        String raw = (how < 12 ? draft : mutation.of(draft)).raw(stock);
        String sent = how == 19 ? mutation.bytes(raw) : raw;
        return new Request(number, kind, sent, HttpSyntax.isRequest(sent));
    }
}
