package dev.sluice.autoscale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests, each sent to a ready pod chosen by chance, as the Service of Kubernetes does; pods that the autoscaler adds and takes away. Arrivals
 * and service times are the same for the same seed, however fast pods start.
 */
final class WebScenario {
    /** Seconds; a step of what is drawn. */
    private static final double STEP = 1;

    private static final double LATE = 1;

    /** Seconds for which waits have to be under the bound before they count as recovered. */
    static final double CALM = 60;

    private final WebSettings settings;
    private final PodTimes times;
    private final double bound;
    private final SplittableRandom arrivals;
    private final SplittableRandom services;
    private final SplittableRandom choices;
    private final SplittableRandom phases;
    private final Hpa hpa;
    private final Recommendation recommendation;
    private final List<WebPod> pods = new ArrayList<>();
    private final List<WebPod> ready = new ArrayList<>();
    private double nextReadyAt;
    private final Series waits = Series.empty(STEP);
    private final Series refusals = Series.empty(STEP);
    private final Series counts = Series.empty(STEP);
    private double[] inStep = new double[1 << 16];
    private int countInStep;
    private long late;
    private long refused;
    private long refusedBefore;
    private double longest;
    private int mostPods;
    private double podSeconds;

    private WebScenario(WebSettings settings, double startUp, double bound, long seed) {
        this.settings = settings;
        this.times = new PodTimes(settings.schedule(), startUp, settings.probePeriod());
        this.bound = bound;
        SplittableRandom random = new SplittableRandom(seed);
        this.arrivals = random.split();
        this.services = random.split();
        this.choices = random.split();
        this.phases = random.split();
        this.hpa = new Hpa(settings.least(), settings.most(), settings.up(), ScalingRules.down());
        this.recommendation = Recommendation.towards(settings.target());
    }

    /** Runs it; {@code bound} is the seconds under which the p99 of a step has to be. */
    static Outcome run(WebSettings settings, double startUp, double bound, long seed) {
        return new WebScenario(settings, startUp, bound, seed).run();
    }

    private Outcome run() {
        for (int i = 0; i < settings.least(); i++) {
            pods.add(new WebPod(-600, -600, -600));
        }
        mostPods = pods.size();
        double sync = phases.nextDouble() * WebSettings.SYNC_PERIOD;
        double scrape = phases.nextDouble() * WebSettings.METRIC_PERIOD;
        double step = STEP;
        double arrival = settings.load().nextArrival(0, arrivals);
        double end = settings.load().lastsFor();
        for (double now = 0; now < end; ) {
            now = Math.min(Math.min(arrival, step), Math.min(scrape, sync));
            if (now == arrival) {
                request(now);
                arrival = settings.load().nextArrival(now, arrivals);
            } else if (now == scrape) {
                for (WebPod pod : pods) {
                    pod.scrape(now);
                }
                scrape += WebSettings.METRIC_PERIOD;
            } else if (now == sync) {
                scale(now);
                sync += WebSettings.SYNC_PERIOD;
            } else {
                endStep();
                step += STEP;
            }
        }
        pods.forEach(pod -> podSeconds += end - Math.max(0, pod.createdAt()));
        double burstAt = settings.load().burstAt();
        return new Outcome(
                waits.calmFrom(burstAt, bound, CALM) - burstAt,
                late,
                refused,
                longest,
                0,
                mostPods,
                podSeconds,
                waits,
                refusals,
                counts);
    }

    private void request(double now) {
        double seconds = -Math.log(1 - services.nextDouble()) * settings.service();
        if (now >= nextReadyAt) {
            lookWhoIsReady(now);
        }
        WebPod pod = ready.get((int) (choices.nextDouble() * ready.size()));
        if (pod.backlog(now) >= settings.atOnce() * settings.service()) {
            refused++;
            return;
        }
        double wait = pod.serve(now, seconds);
        if (now >= settings.load().burstAt()) {
            longest = Math.max(longest, wait);
            late += wait > LATE ? 1 : 0;
        }
        if (countInStep == inStep.length) {
            inStep = Arrays.copyOf(inStep, 2 * countInStep);
        }
        inStep[countInStep++] = wait;
    }

    private void lookWhoIsReady(double now) {
        ready.clear();
        nextReadyAt = Double.POSITIVE_INFINITY;
        for (WebPod pod : pods) {
            if (pod.readyAt() <= now) {
                ready.add(pod);
            } else {
                nextReadyAt = Math.min(nextReadyAt, pod.readyAt());
            }
        }
    }

    private void scale(double now) {
        int current = pods.size();
        int wanted = recommendation.forPods(
                now, current, pods.stream().map(pod -> pod.status(now)).toList());
        int desired = hpa.decide(now, current, wanted);
        while (pods.size() < desired) {
            pods.add(new WebPod(now, times.startedAt(now), times.readyAt(now, phases.nextDouble())));
        }
        while (pods.size() > desired) {
            podSeconds += now - Math.max(0, pods.removeLast().createdAt());
        }
        mostPods = Math.max(mostPods, desired);
        lookWhoIsReady(now);
    }

    private void endStep() {
        Arrays.sort(inStep, 0, countInStep);
        waits.add(countInStep == 0 ? 0 : inStep[(int) Math.ceil(0.99 * countInStep) - 1]);
        refusals.add((refused - refusedBefore) / STEP);
        counts.add((double) pods.size());
        refusedBefore = refused;
        countInStep = 0;
    }
}
