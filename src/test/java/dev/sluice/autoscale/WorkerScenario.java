package dev.sluice.autoscale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Ingests that wait in one queue, workers that run one at a time each, and KEDA. A worker takes work as soon as it is up, ready or not, and
 * one that is told to stop ends what it runs.
 */
final class WorkerScenario {
    /** Seconds; a step of what is drawn. */
    private static final double STEP = 2;

    /** Seconds; an ingest that waits longer is late. */
    private static final double LATE = 10;

    private static final class Worker {
        final double createdAt;
        final double upAt;
        double busyUntil;

        Worker(double createdAt, double upAt) {
            this.createdAt = createdAt;
            this.upAt = upAt;
        }

        double freeAt() {
            return Math.max(upAt, busyUntil);
        }
    }

    private final WorkerSettings settings;
    private final PodTimes times;
    private final Keda keda;
    private final Deque<Double> queue = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Worker> ending = new ArrayList<>();
    private final Series ages = Series.empty(STEP);
    private final Series counts = Series.empty(STEP);
    private long late;
    private double longest;
    private double first = Double.NaN;
    private int mostPods;
    private double podSeconds;

    private WorkerScenario(WorkerSettings settings, double startUp) {
        this.settings = settings;
        this.times = new PodTimes(settings.schedule(), startUp, 0);
        this.keda = new Keda(settings.target(), settings.most());
    }

    /** Runs it; {@code bound} is the seconds under which the age of the queue has to be. */
    static Outcome run(WorkerSettings settings, double startUp, double bound, long seed) {
        return new WorkerScenario(settings, startUp).run(bound, new SplittableRandom(seed));
    }

    private Outcome run(double bound, SplittableRandom random) {
        SplittableRandom arrivals = random.split();
        double sync = random.nextDouble() * WebSettings.SYNC_PERIOD;
        double poll = random.nextDouble() * settings.polling();
        double step = STEP;
        double arrival = settings.load().nextArrival(0, arrivals);
        double end = settings.load().lastsFor();
        for (double now = 0; now < end; ) {
            now = Math.min(Math.min(Math.min(arrival, step), Math.min(poll, sync)), nextStart(now));
            startWhatCan(now);
            if (now == arrival) {
                queue.add(now);
                startWhatCan(now);
                arrival = settings.load().nextArrival(now, arrivals);
            } else if (now == poll) {
                scaleTo(now, keda.poll(now, workers.size(), queuedAndRunning(now)));
                poll += settings.polling();
            } else if (now == sync) {
                scaleTo(now, keda.sync(now, workers.size(), queuedAndRunning(now)));
                sync += WebSettings.SYNC_PERIOD;
            } else if (now == step) {
                ages.add(queue.isEmpty() ? 0 : now - queue.peek());
                counts.add((double) workers.size());
                step += STEP;
            }
        }
        workers.forEach(worker -> podSeconds += end - worker.createdAt);
        double burstAt = settings.load().burstAt();
        return new Outcome(
                ages.calmFrom(burstAt, bound, WebScenario.CALM) - burstAt,
                late,
                0,
                longest,
                first,
                mostPods,
                podSeconds,
                ages,
                Series.empty(STEP),
                counts);
    }

    private int queuedAndRunning(double now) {
        ending.removeIf(worker -> worker.busyUntil <= now);
        return queue.size()
                + ending.size()
                + (int) workers.stream()
                        .filter(worker -> worker.busyUntil > now)
                        .count();
    }

    /** When the next worker is free to begin what waits now; infinity if nothing waits. */
    private double nextStart(double now) {
        return queue.isEmpty()
                ? Double.POSITIVE_INFINITY
                : workers.stream()
                        .mapToDouble(Worker::freeAt)
                        .filter(freeAt -> freeAt > now)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY);
    }

    private void startWhatCan(double now) {
        for (Worker worker : workers) {
            if (!queue.isEmpty() && worker.freeAt() <= now) {
                double arrivedAt = queue.remove();
                double wait = now - arrivedAt;
                first = Double.isNaN(first) ? wait : first;
                if (arrivedAt >= settings.load().burstAt()
                        && arrivedAt < settings.load().burstEndsAt()) {
                    longest = Math.max(longest, wait);
                    late += wait > LATE ? 1 : 0;
                }
                worker.busyUntil = now + settings.ingest();
            }
        }
    }

    private void scaleTo(double now, int desired) {
        while (workers.size() < desired) {
            workers.add(new Worker(now, times.answersAt(now)));
        }
        while (workers.size() > desired) {
            Worker last = workers.removeLast();
            ending.add(last);
            podSeconds += Math.max(now, last.busyUntil) - last.createdAt;
        }
        mostPods = Math.max(mostPods, desired);
    }
}
