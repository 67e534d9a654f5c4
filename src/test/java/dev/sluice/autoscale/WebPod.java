package dev.sluice.autoscale;

import java.util.Optional;

/** A process that serves requests one after the other, in the order in which they came, and how much of a core that took. */
final class WebPod {
    private final double createdAt;
    private final double startedAt;
    private final double readyAt;
    private double busyUntil;
    private double worked;
    private double scrapedAt = Double.NaN;
    private double workedAtScrape;
    private Optional<Sample> sample = Optional.empty();

    WebPod(double createdAt, double startedAt, double readyAt) {
        this.createdAt = createdAt;
        this.startedAt = startedAt;
        this.readyAt = readyAt;
    }

    double createdAt() {
        return createdAt;
    }

    double readyAt() {
        return readyAt;
    }

    /** Seconds of work that wait or run. */
    double backlog(double now) {
        return Math.max(0, busyUntil - now);
    }

    /** Takes a request that needs so many seconds; says how many seconds after {@code now} it is answered. */
    double serve(double now, double seconds) {
        busyUntil = Math.max(now, busyUntil) + seconds;
        worked += seconds;
        return busyUntil - now;
    }

    /** The metrics server looks: from the second time on it knows what was used in between. */
    void scrape(double now) {
        if (now < startedAt) {
            return;
        }
        double workedByNow = worked - backlog(now);
        if (!Double.isNaN(scrapedAt)) {
            double window = now - scrapedAt;
            sample = Optional.of(new Sample((workedByNow - workedAtScrape) / window, now, window));
        }
        scrapedAt = now;
        workedAtScrape = workedByNow;
    }

    PodStatus status(double now) {
        if (now < startedAt) {
            return PodStatus.pending(createdAt);
        }
        boolean ready = now >= readyAt;
        return new PodStatus(Optional.of(startedAt), ready, ready ? readyAt : startedAt, sample);
    }
}
