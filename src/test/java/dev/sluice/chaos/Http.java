package dev.sluice.chaos;

import dev.sluice.harness.Endpoint;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What a careful client does: it gives up on an answer that does not come, and asks again. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Endpoint endpoint;
    private final Credential credential;
    private final History history;

    Http(Endpoint endpoint, Credential credential, History history) {
        this.endpoint = endpoint;
        this.credential = credential;
        this.history = history;
    }

    /** @param status 0 if there was no answer, or not all of it, or one that a client signs in again for */
    record Answer(int status, String body, Optional<HttpHeaders> headers) {
        private static final Answer NONE = new Answer(0, "", Optional.empty());

        JsonPath json() {
            return JsonPath.from(body);
        }

        boolean isFinal() {
            return status != 0 && status != 503 && !body.contains("\"IDEMPOTENCY_RUNNING\"");
        }
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.uri(path)).timeout(PATIENCE);
        credential.show(request);
        return request;
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 503) {
                history.count("answers 503");
            }
            if (answer.statusCode() == 401 && credential.renew(request, answer.body())) {
                return Answer.NONE;
            }
            return new Answer(answer.statusCode(), answer.body(), Optional.of(answer.headers()));
        } catch (IOException e) {
            history.count("connections cut, or no answer in " + PATIENCE.toSeconds() + " s");
            return Answer.NONE;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends it until it is answered for good. */
    Answer insist(Supplier<HttpRequest> request, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            HttpRequest now = request.get();
            Answer answer = send(now);
            if (answer.isFinal()) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                history.fault("never answered within " + limit + ": " + now.method() + " " + now.uri() + ": " + answer);
                return answer;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    Answer get(String path, Duration limit) {
        return insist(() -> request(path).build(), limit);
    }

    Answer csv(String path, Duration limit) {
        return insist(() -> csv(path), limit);
    }

    HttpRequest csv(String path) {
        return request(path)
                .header("Accept", "text/csv")
                .header("Prefer", "rendering=source")
                .build();
    }

    HttpRequest put(String dataset, String key, BodyPublisher body) {
        return request("/v1/datasets/" + dataset)
                .timeout(PATIENCE.multipliedBy(2))
                .header("Idempotency-Key", key)
                .PUT(body)
                .build();
    }

    HttpRequest post(String path, String key, String json) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        return (key == null ? request : request.header("Idempotency-Key", key)).build();
    }

    HttpRequest delete(String path) {
        return request(path).DELETE().build();
    }
}
