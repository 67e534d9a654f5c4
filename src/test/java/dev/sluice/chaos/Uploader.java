package dev.sluice.chaos;

import dev.sluice.chaos.Http.Answer;
import dev.sluice.harness.SlowBody;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Uploads one table after the other to a dataset of its own, each under one key until it is answered, and reads it back. */
final class Uploader implements Clients.Step {
    private final String dataset;
    private final boolean restores;
    private final Random random;
    private final Clients clients;
    private final Http http;
    private final History history;
    private int sequence;

    /** @param restores whether it also makes old versions current again, so that what is current may get older */
    Uploader(String dataset, boolean restores, Random random, Clients clients) {
        this.dataset = dataset;
        this.restores = restores;
        this.random = random;
        this.clients = clients;
        this.http = clients.signedIn();
        this.history = clients.history();
    }

    @Override
    public void take() {
        sequence++;
        String content = Table.text(sequence, random);
        String key = dataset + "." + sequence;
        boolean slow = random.nextInt(4) == 0;
        boolean twice = random.nextInt(5) == 0;
        CompletableFuture<Answer> second = twice ? CompletableFuture.supplyAsync(() -> put(key, content, false)) : null;
        Answer answer = put(key, content, slow);
        if (answer.status() != 200 && answer.status() != 201) {
            history.fault("an upload was refused: " + key + ": " + answer);
            return;
        }
        int version = answer.json().getInt("version");
        history.add(new History.Upload(dataset, key, version, sequence));
        clients.acknowledged(dataset).set(sequence);
        if (twice) {
            Answer other = second.join();
            history.count("uploads sent twice at the same time");
            if (other.status() != answer.status() || !other.body().equals(answer.body())) {
                history.fault("two answers under one key: " + answer + " and " + other);
            }
        }
        clients.check(dataset, version, content, random.nextInt(4) == 0);
        if (random.nextInt(6) == 0) {
            repeat(key, content, answer);
        }
        if (restores && version > 1 && random.nextInt(4) == 0) {
            restore(version - 1);
        }
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(300)).toNanos());
    }

    private Answer put(String key, String content, boolean slow) {
        return http.insist(() -> http.put(dataset, key, body(content, slow)), Clients.PATIENCE);
    }

    private void repeat(String key, String content, Answer answer) {
        Answer again = put(key, content, false);
        history.count("uploads repeated after their answer");
        if (again.status() != answer.status() || !again.body().equals(answer.body())) {
            history.fault("a repeat got another answer: " + answer + " and then " + again);
        }
    }

    /** A restore has no key: what was not answered may have happened. */
    private void restore(int version) {
        Answer answer = http.send(http.post("/v1/datasets/" + dataset + "/versions/" + version + "/restore", null, ""));
        switch (answer.status()) {
            case 200 ->
                history.add(new History.Restore(dataset, version, answer.json().getInt("version")));
            case 0, 503 -> history.add(new History.Restore(dataset, version, null));
            case 410 -> history.count("restores of versions no longer kept");
            default -> history.fault("a restore was refused: " + answer);
        }
    }

    private static BodyPublisher body(String content, boolean slow) {
        byte[] bytes = Clients.bytes(content);
        return slow ? SlowBody.of(bytes, 16 * 1024, Duration.ofSeconds(3)) : BodyPublishers.ofByteArray(bytes);
    }
}
