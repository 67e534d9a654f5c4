package dev.sluice.chaos;

import dev.sluice.chaos.Http.Answer;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceAnswer;
import dev.sluice.harness.SourceFile;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Queues one ingest after the other to a dataset of its own, watches or cancels it, and sees to it that it ends. */
final class Fetcher implements Clients.Step {
    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled", "unchanged");
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String dataset;
    private final Source source;
    private final Random random;
    private final Clients clients;
    private final Http http;
    private final History history;
    private final List<String> accepted = new ArrayList<>();

    Fetcher(String dataset, Source source, Random random, Clients clients) {
        this.dataset = dataset;
        this.source = source;
        this.random = random;
        this.clients = clients;
        this.http = clients.http();
        this.history = clients.history();
    }

    @Override
    public void take() {
        int sequence = accepted.size() + 1;
        String content = Table.text(sequence, random);
        String path = "/" + dataset + "/" + sequence;
        String id = queue(sequence, path, answer(Clients.bytes(content)));
        if (id == null) {
            return;
        }
        boolean cancels = random.nextInt(6) == 0;
        boolean watches = !cancels && random.nextBoolean();
        if (cancels) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1500)).toNanos());
            Answer cancelled = http.insist(() -> http.delete("/v1/ingests/" + id), Clients.PATIENCE);
            if (cancelled.status() != 200) {
                history.fault("a cancel was refused: " + cancelled);
            }
        } else if (watches) {
            new Watcher(id, clients).watch();
        }
        JsonPath ended = ended(id);
        source.on(path, SourceAnswer.status(404));
        if (ended != null) {
            judge(id, ended, cancels, content);
        }
        if (sequence % 20 == 0) {
            checkList();
        }
    }

    /** Queues one while Redis is down, so that nothing rings for it: a worker finds it all the same. */
    void takeWithoutDoorbell() {
        int sequence = accepted.size() + 1;
        String content = Table.text(sequence, random);
        String id = queue(sequence, "/" + dataset + "/" + sequence, SourceFile.of(Clients.bytes(content)));
        JsonPath ended = id == null ? null : ended(id);
        if (ended != null) {
            judge(id, ended, false, content);
            history.count("ingests queued and done while Redis was down");
        }
    }

    private String queue(int sequence, String path, SourceAnswer answer) {
        source.on(path, answer);
        Answer posted = post(sequence, source.uri(path));
        if (posted.status() != 202) {
            history.fault("an ingest was refused: " + posted);
            return null;
        }
        String id = posted.json().getString("id");
        accepted.add(id);
        return id;
    }

    private Answer post(int sequence, URI url) {
        return http.insist(
                () -> http.post(
                        "/v1/datasets/" + dataset + "/ingests", dataset + "." + sequence, "{\"url\":\"" + url + "\"}"),
                Clients.PATIENCE);
    }

    /** Some sources are in trouble as well. */
    private SourceAnswer answer(byte[] content) {
        SourceFile file = SourceFile.of(content).withETag("\"1\"").withRanges();
        return switch (random.nextInt(8)) {
            case 0 -> SourceAnswer.inTurn(SourceAnswer.status(503, Map.of("Retry-After", "1")), file);
            case 1 -> SourceAnswer.inTurn(file.droppingAfter(content.length / 2), file);
            case 2 -> SourceAnswer.inTurn(file.chunked().droppingAfter(content.length / 3), file);
            case 3 -> SourceAnswer.inTurn(file.stallingAfter(content.length / 2), file);
            case 4 -> SourceAnswer.over(Duration.ofSeconds(5), content);
            default -> file;
        };
    }

    /** Waits for the end; {@code null} if it does not come. */
    private JsonPath ended(String id) {
        long deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
        while (true) {
            Answer answer = http.get("/v1/ingests/" + id, Clients.PATIENCE);
            if (answer.status() != 200) {
                history.fault("an accepted ingest cannot be seen: " + id + ": " + answer);
                return null;
            }
            JsonPath view = answer.json();
            if (FINAL.contains(view.getString("state"))) {
                return view;
            }
            if (System.nanoTime() > deadline) {
                history.fault("an accepted ingest did not end within " + Clients.PATIENCE + ": " + answer.body());
                return null;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void judge(String id, JsonPath ended, boolean cancelled, String content) {
        String state = ended.getString("state");
        Integer version = ended.get("version");
        history.add(new History.Fetch(dataset, id, state, version));
        if (state.equals("succeeded")) {
            clients.check(dataset, version, content, false);
        } else if (!state.equals("cancelled") || !cancelled) {
            history.fault("an ingest ended that should have succeeded: " + ended.prettify());
        }
    }

    /** Page by page, through another process each time: every ingest that was accepted is there, once. */
    private void checkList() {
        List<String> listed = new ArrayList<>();
        for (String next = "/v1/ingests?dataset=" + dataset; next != null; ) {
            Answer page = http.get(next, Clients.PATIENCE);
            listed.addAll(page.json().getList("items.id"));
            next = page.json().getString("next");
        }
        history.count("lists of ingests walked by cursor");
        Set<String> distinct = new HashSet<>(listed);
        if (distinct.size() != listed.size() || !distinct.equals(new HashSet<>(accepted))) {
            history.fault("the list of ingests of " + dataset + " has " + listed.size() + ", " + distinct.size()
                    + " of them distinct; accepted were " + accepted.size());
        }
    }
}
