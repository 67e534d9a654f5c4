package dev.sluice.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import dev.sluice.hostile.Attacks.Attack;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code Hostile --minutes N --seed S}: mixes attacks on a web process and its worker for so long, while clients of another key
 * work, and prints counts. It exits with 1 if a process ends, exceeds its memory or would be ended by its probe, or if more than
 * 1 % of the other key's requests are refused. PostgreSQL and the clients share the processors with both.
 */
final class Hostile {
    private static final int ATTACKERS = 4;
    private static final int WORKING = 2;
    private static final double REFUSED = 0.01;

    /** As kubernetes/base has it of the probe that ends a process. */
    private static final Duration PROBE = Duration.ofSeconds(5);

    private static final int MOST_UNANSWERED = 6;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Attacked web;
    private final Service worker;
    private final long end;
    private final Map<String, LongAdder> attacks = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private long mostOfWeb; // KiB, as mostOfWorker; these are written by one thread, and read when that has ended
    private long mostOfWorker;
    private int unanswered;
    private int late;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private Hostile(Attacked web, Service worker, Duration length) {
        this.web = web;
        this.worker = worker;
        this.end = System.nanoTime() + length.toNanos();
    }

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of("minutes", "10", "seed", "54"));
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(options.get("minutes"))));
        try (Source source = Source.start();
                Attacked web = Attacked.start("web", Map.of("sluice.source.allowed-networks", "127.0.0.0/8"));
                Service worker = Service.start("worker", web.configuration()).awaitReady()) {
            Hostile hostile = new Hostile(web, worker, length);
            hostile.run(Long.parseLong(options.get("seed")), source);
            hostile.report(options);
            System.exit(hostile.faults.isEmpty() ? 0 : 1);
        }
    }

    private void run(long seed, Source source) throws InterruptedException {
        source.on("/slow.csv", SourceAnswer.endless("1,2\n".getBytes(UTF_8), Duration.ofSeconds(1)));
        source.on("/quick.csv", SourceFile.of("a,b\n1,2\n".getBytes(UTF_8)));
        List<Attack> all = new Attacks(web, source.uri("/slow.csv").toString()).all();
        web.load("read", "id,name\n" + "1,some name\n".repeat(10_000));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.ofPlatform()
                    .start(() -> whileThereIsTime(() -> attack(all.get(random.nextInt(all.size()))))));
        }
        for (int i = 0; i < WORKING; i++) {
            Random random = new Random(seed - 1 - i);
            threads.add(Thread.ofPlatform()
                    .start(() -> whileThereIsTime(
                            () -> work(random, source.uri("/quick.csv").toString()))));
        }
        threads.add(Thread.ofPlatform().start(() -> whileThereIsTime(this::look)));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void whileThereIsTime(Runnable once) {
        while (System.nanoTime() < end && web.isAlive()) {
            once.run();
        }
    }

    private void attack(Attack attack) {
        try {
            attack.once().run();
        } catch (UncheckedIOException e) {
            // the process may hang up on whom it likes
        }
        attacks.computeIfAbsent(attack.name(), _ -> new LongAdder()).increment();
    }

    private void look() {
        long begun = System.nanoTime();
        unanswered = web.isLive(PROBE) ? 0 : unanswered + 1;
        if (System.nanoTime() - begun > SOON.toNanos()) {
            late++;
        }
        if (unanswered == MOST_UNANSWERED) {
            faults.add("The web process has not answered its probe " + MOST_UNANSWERED + " times, and would be ended.");
        }
        if (web.isAlive() && worker.isAlive()) {
            mostOfWeb = web.residentKib();
            mostOfWorker = Attacked.residentKib(worker);
            if (Math.max(mostOfWeb, mostOfWorker) > Attacked.POD_KIB) {
                faults.add("A process has exceeded its memory.");
            }
        }
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }

    private void work(Random random, String url) {
        String answer;
        try {
            answer = switch (random.nextInt(8)) {
                case 0 ->
                    web.status(
                            "PUT", "/v1/datasets/working-" + random.nextInt(10), "a,b\n1," + random.nextInt() + "\n");
                case 1 -> web.status("GET", "/v1/datasets/read/profile", null);
                case 2 -> web.status("GET", "/v1/datasets?limit=5", null);
                case 3 -> web.status("GET", "/rest/v1/read?select=count()", null);
                case 4 -> web.status("GET", "/rest/v1/read", null);
                case 5 -> web.fetched("working-fetch", url);
                default -> web.status("GET", "/rest/v1/read?limit=10&offset=" + random.nextInt(9000), null);
            };
        } catch (UncheckedIOException e) {
            answer = e.getCause().getClass().getSimpleName();
        }
        answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
    }

    private void report(Map<String, String> options) {
        long all = answers.values().stream().mapToLong(LongAdder::sum).sum();
        long served = answers.entrySet().stream()
                .filter(a -> a.getKey().startsWith("2"))
                .mapToLong(a -> a.getValue().sum())
                .sum();
        if (!worker.isAlive()) {
            faults.add("The worker has ended.");
        }
        if (!web.isAlive()) {
            faults.add("The web process has ended: " + web.lastLine());
        }
        if (all - served > all * REFUSED) {
            faults.add(all - served + " of " + all + " requests of another key were refused.");
        }
        System.out.println((faults.isEmpty() ? "no fault" : faults.size() + " faults") + " in " + options.get("minutes")
                + " minutes with seed " + options.get("seed") + ": answers to the other key " + new TreeMap<>(answers)
                + ", attacks "
                + new TreeMap<>(attacks) + ", resident at most " + mostOfWeb / 1024 + " MiB (web), "
                + mostOfWorker / 1024 + " MiB (worker), probes that took over a second: " + late);
        faults.stream().distinct().limit(20).forEach(fault -> System.out.println("- " + fault));
    }
}
