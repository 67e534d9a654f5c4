package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sign-ins without a key, each of which is to be on record. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignInsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 32;

    /** Of an address within an hour, by default. */
    private static final int RECORDED = 100;

    /** Refusals of the same moment: as many as there are connections to the database. */
    private static final int AT_ONCE = 16;

    @Test
    void manyThatFailAtOnceFillTheAuditOnlySoFar() {
        try (Attacked attacked = Attacked.start("web");
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            String admin = attacked.key("admin");

            List<Future<Integer>> guesses = IntStream.range(0, 600)
                    .mapToObj(i -> clients.submit(() -> guess(i, attacked)))
                    .toList();

            assertThat(guesses).allSatisfy(guess -> assertThat(guess.get()).isEqualTo(401));
            assertThat(recorded(admin, attacked)).isBetween(RECORDED, RECORDED + AT_ONCE);
            attacked.assertServesOthers();
        }
    }

    private static int guess(int number, Attacked attacked) {
        HttpRequest.Builder signIn = HttpRequest.newBuilder(attacked.uri("/v1/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"guess " + number + "\"}"));
        return attacked.send(signIn, PATIENCE).statusCode();
    }

    private static int recorded(String admin, Attacked attacked) {
        int found = 0;
        String next = "/v1/audit?subject=unknown%20key";
        while (next != null) {
            HttpResponse<String> page = attacked.send(attacked.with(admin, next), PATIENCE);
            found += JsonPath.from(page.body()).getList("items").size();
            next = JsonPath.from(page.body()).getString("next");
        }
        return found;
    }
}
