package dev.sluice.chaos;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** What was done and what was seen. Thread-safe. */
final class History {
    private final Instant start = Instant.now();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Disturbed> disturbed = new ConcurrentLinkedQueue<>();
    private final Queue<Upload> uploads = new ConcurrentLinkedQueue<>();
    private final Queue<Restore> restores = new ConcurrentLinkedQueue<>();
    private final Queue<Fetch> fetches = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicInteger forgetting = new AtomicInteger();
    private final Queue<Instant> forgotten = new ConcurrentLinkedQueue<>();
    private final Predicate<String> wanted;
    private volatile String found;

    /** @param wanted a fault with which the run has done what it is for */
    History(Predicate<String> wanted) {
        this.wanted = wanted;
    }

    /**
     * A time in which something did not work as it should.
     *
     * @param process its name; {@code *} for all of them
     */
    record Disturbed(String process, Instant from, Instant to) {
        boolean covers(String name, Instant since, Instant until) {
            return (process.equals("*") || process.equals(name)) && from.isBefore(until) && to.isAfter(since);
        }
    }

    /**
     * An upload that was acknowledged.
     *
     * @param sequence of the table that was sent
     */
    record Upload(String dataset, String key, int version, int sequence) {}

    /**
     * A version made current again.
     *
     * @param of which
     * @param version as what; {@code null} if the request was not answered
     */
    record Restore(String dataset, int of, Integer version) {}

    /** @param version {@code null} if it was cancelled */
    record Fetch(String dataset, String id, String state, Integer version) {}

    /** Does what makes Redis forget. */
    void forgetting(Forgetting what) throws IOException {
        forgetting.incrementAndGet();
        try {
            what.happens();
        } finally {
            forgotten.add(Instant.now());
            forgetting.decrementAndGet();
        }
    }

    /** What makes Redis forget. */
    interface Forgetting {
        void happens() throws IOException;
    }

    /** Whether what has been in Redis since then may be gone. */
    boolean redisMayHaveForgotten(Instant since) {
        return forgetting.get() > 0 || forgotten.stream().anyMatch(when -> when.isAfter(since));
    }

    void note(String line) {
        lines.add("%7.2f s  %s".formatted(Duration.between(start, Instant.now()).toMillis() / 1000.0, line));
    }

    /** Something that must not happen. */
    void fault(String what) {
        faults.add(what);
        note("FAULT: " + what);
        System.out.println("FAULT: " + what);
        if (found == null && wanted.test(what)) {
            found = what;
        }
    }

    /** Whether there is nothing more to look for. */
    boolean isFound() {
        return found != null;
    }

    /** What was looked for, as it was said; {@code null} if it was not found. */
    String found() {
        return found;
    }

    /** Rows there should be none of. */
    void faults(String what, List<String> rows) {
        if (!rows.isEmpty()) {
            fault(rows.size() + " times " + what + ", first: " + rows.getFirst());
        }
    }

    void count(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    long counted(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    void disturbed(String process, Instant from, Instant to) {
        disturbed.add(new Disturbed(process, from, to));
    }

    boolean wasDisturbed(String process, Instant since, Instant until) {
        return disturbed.stream().anyMatch(d -> d.covers(process, since, until));
    }

    void add(Upload upload) {
        uploads.add(upload);
        note("acknowledged: " + upload);
        count("uploads acknowledged");
    }

    void add(Restore restore) {
        restores.add(restore);
        note("restored: " + restore);
        count(restore.version() == null ? "restores not answered" : "restores acknowledged");
    }

    void add(Fetch fetch) {
        fetches.add(fetch);
        note("ended: " + fetch);
        count("ingests of URLs " + fetch.state());
    }

    List<Upload> uploads() {
        return List.copyOf(uploads);
    }

    List<Restore> restores() {
        return List.copyOf(restores);
    }

    List<Fetch> fetches() {
        return List.copyOf(fetches);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    Map<String, LongAdder> counts() {
        return new TreeMap<>(counts);
    }
}
