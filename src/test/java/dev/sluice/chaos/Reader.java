package dev.sluice.chaos;

import dev.sluice.chaos.Http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Reads tables that others upload: each is whole, and none is older than one that was acknowledged before. */
final class Reader implements Clients.Step {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Random random;
    private final Clients clients;
    private final Http http;
    private final History history;

    Reader(Random random, Clients clients) {
        this.random = random;
        this.clients = clients;
        this.http = clients.signedIn();
        this.history = clients.history();
    }

    @Override
    public void take() {
        List<String> uploaded = clients.uploaded();
        int which = random.nextInt(uploaded.size());
        String dataset = uploaded.get(which);
        int before = clients.acknowledged(dataset).get();
        Answer answer = http.send(http.csv("/rest/v1/" + dataset));
        history.count("reads");
        switch (answer.status()) {
            case 200 -> check(dataset, answer.body(), which == 0 ? before : 1);
            case 0, 503 -> history.count("reads not answered");
            case 404 -> {
                if (before > 0) {
                    history.fault("a dataset that was acknowledged is not found: " + dataset);
                }
            }
            default -> history.fault("a reader saw " + answer);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private void check(String dataset, String body, int atLeast) {
        int sequence = Table.sequenceIfWhole(body);
        if (sequence < 0) {
            history.fault("a reader of " + dataset + " saw an answer that looked complete and is not one whole table: "
                    + body.length() + " characters, "
                    + body.substring(0, Math.min(200, body.length())));
        } else if (sequence < atLeast) {
            history.fault(
                    "a reader of " + dataset + " saw table " + sequence + " after " + atLeast + " was acknowledged");
        } else {
            history.count("reads of whole tables");
        }
    }
}
