package dev.sluice.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.chaos.Http.Answer;
import dev.sluice.harness.Cluster;
import dev.sluice.harness.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The clients of a run, and what they share: where the service is, and which upload of a dataset was acknowledged last. */
final class Clients {
    /** An answer that has not come by then, however often it was asked for, will not come. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int OF_EACH_KIND = 3;

    private final History history;
    private final Http http;
    private final Cluster cluster;
    private final Map<String, AtomicInteger> acknowledged = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Fetcher> fetchers = new ArrayList<>();
    private volatile boolean over;

    Clients(Cluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
        this.http = new Http(cluster, Credential.OF_PROGRAMS, history);
    }

    /** For a client that signs in, as people do, and has a session of its own. */
    Http signedIn() {
        Http anonymous = new Http(cluster, _ -> {}, history);
        return new Http(cluster, new SignedIn(anonymous, history), history);
    }

    /** Does something once. */
    interface Step {
        void take();
    }

    void start(long seed, Source source) {
        for (int i = 1; i <= OF_EACH_KIND; i++) {
            String uploaded = "uploaded-" + i;
            acknowledged.put(uploaded, new AtomicInteger());
            repeat("uploader-" + i, new Uploader(uploaded, i > 1, new Random(seed * 31 + i), this));
            Fetcher fetcher = new Fetcher("fetched-" + i, source, new Random(seed * 37 + i), this);
            fetchers.add(fetcher);
            repeat("fetcher-" + i, fetcher);
        }
        for (int i = 1; i <= OF_EACH_KIND; i++) {
            repeat("reader-" + i, new Reader(new Random(seed * 41 + i), this));
        }
    }

    private void repeat(String name, Step step) {
        threads.add(Thread.ofPlatform().name(name).start(() -> {
            while (!over) {
                try {
                    step.take();
                } catch (Throwable e) { // whatever it is, a client that stops silently would prove nothing
                    history.fault(name + " does not understand an answer: " + e);
                }
            }
        }));
    }

    /** Has all of them end what they are at, unless there is nothing more to look for. */
    void finish() throws InterruptedException {
        over = true;
        long deadline = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
        for (Thread thread : threads) {
            while (!history.isFound() && !thread.join(Duration.ofSeconds(1))) {
                if (System.nanoTime() > deadline) {
                    history.fault(thread.getName() + " waits for ever");
                    return;
                }
            }
        }
    }

    /** One more ingest, by a client that has ended all else. */
    void queueWithoutDoorbell() {
        fetchers.getFirst().takeWithoutDoorbell();
    }

    History history() {
        return history;
    }

    /** For a program, which has a key. */
    Http http() {
        return http;
    }

    Cluster cluster() {
        return cluster;
    }

    List<String> uploaded() {
        return acknowledged.keySet().stream().sorted().toList();
    }

    /** The sequence number of the table that was acknowledged last. */
    AtomicInteger acknowledged(String dataset) {
        return acknowledged.get(dataset);
    }

    /** Checks that a version has the cells that were sent. */
    void check(String dataset, int version, String content, boolean byPages) {
        String path = "/rest/v1/" + dataset + "@" + version;
        String found = byPages ? pages(path, content) : http.csv(path, PATIENCE).body();
        if (found.equals(content)) {
            history.count("versions compared cell for cell");
        } else {
            history.fault(path + " is not what was sent and acknowledged: " + content.length() + " characters were, "
                    + "these are " + found.length() + ": " + found.substring(0, Math.min(300, found.length())));
        }
    }

    /** By requests that each meet another process. */
    private String pages(String path, String content) {
        int lines = (int) content.chars().filter(c -> c == '\n').count() - 1;
        int limit = Math.max(1, lines / 5);
        StringBuilder all = new StringBuilder();
        for (int offset = 0; offset < lines; offset += limit) {
            Answer page = http.csv(path + "?limit=" + limit + "&offset=" + offset, PATIENCE);
            String text = page.body();
            all.append(offset == 0 ? text : text.substring(text.indexOf('\n') + 1));
        }
        return all.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
