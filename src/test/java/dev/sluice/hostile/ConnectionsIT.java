package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import io.restassured.path.json.JsonPath;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of clients without a key. A process that is frozen fails a test by its time. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionsIT {
    private static final String HOST = "Host: localhost\r\n";
    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+\\.js)\"");

    private final List<Client> clients = new ArrayList<>();
    private Attacked attacked;

    @AfterEach
    void end() {
        clients.forEach(Client::close);
        attacked.close();
    }

    private Client client() {
        Client client = Client.to(attacked);
        clients.add(client);
        return client;
    }

    private String script() {
        Matcher script = SCRIPT.matcher(attacked.get("/").body());
        assertThat(script.find()).isTrue();
        return script.group(1);
    }

    @Test
    void pipelinedRequestsOfClientsThatReadNothingDoNotFreezeAProcess() {
        attacked = Attacked.start("web");
        String get = "GET " + script() + " HTTP/1.1\r\n" + HOST + "\r\n";

        for (int i = 0; i < 2; i++) {
            client().send(get.repeat(700));
        }

        attacked.assertServesOthers();
    }

    @Test
    void aPipelineIsAnsweredInItsOrder() {
        attacked = Attacked.start("web");
        String get = "GET /sluice.svg HTTP/1.1\r\n" + HOST + "\r\nGET /nowhere HTTP/1.1\r\n" + HOST + "\r\n";

        String answers = client().send(get.repeat(99) + "GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                .readAll();

        List<String> statuses = Pattern.compile("HTTP/1.1 (\\d{3})")
                .matcher(answers)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(statuses).hasSize(199);
        for (int i = 0; i < 198; i++) {
            assertThat(statuses.get(i)).isEqualTo(i % 2 == 0 ? "200" : "404");
        }
    }

    @Test
    void headsThatNeverEndAreClosedAfterTenSeconds() {
        attacked = Attacked.start("web", Map.of("sluice.http.connections-per-address", "6000"));
        for (int i = 0; i < 5000; i++) {
            client().send("GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(2000));
        }

        attacked.assertServesOthers();
        for (Client client : clients) {
            assertThat(client.whatIsLeft()).isEmpty();
        }
        attacked.assertServesOthers();
        assertThat(attacked.warnings()).isEmpty();
    }

    @Test
    void anAddressHasAtMostSoManyConnectionsThatCarrySomething() {
        attacked = Attacked.start("web", Map.of("sluice.http.connections-per-address", "3"));
        String waiting = "POST /v1/sessions HTTP/1.1\r\n" + HOST
                + "Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n";
        for (int i = 0; i < 3; i++) {
            assertThat(client().send(waiting).read(12)).isEqualTo("HTTP/1.1 100"); // from now on it carries a request
        }

        Await.until(
                "a fourth one is refused",
                Duration.ofSeconds(10),
                () -> client().send("GET /sluice.svg HTTP/1.1\r\n" + HOST + "\r\n")
                        .whatIsRead(12)
                        .isEmpty());

        clients.getFirst().close();
        Await.until(
                "the place is free",
                Duration.ofSeconds(10),
                () -> client().send("GET /sluice.svg HTTP/1.1\r\n" + HOST + "\r\n")
                        .whatIsRead(12)
                        .startsWith("HTTP/1.1 200"));
    }

    @Test
    void aConnectionThatCarriesNothingGivesItsPlaceToAnother() {
        attacked = Attacked.start("web", Map.of("sluice.http.connections-per-address", "3"));

        for (int i = 0; i < 20; i++) {
            Client client = client().send("GET /sluice.svg HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.read(12)).isEqualTo("HTTP/1.1 200");
        }

        assertThat(clients.getFirst().whatIsLeft()).contains("<svg");
    }

    @Test
    void connectionsThatCarryNothingAreClosed() {
        attacked = Attacked.start("web", Map.of("sluice.http.idle-timeout", "1s"));
        Client silent = client();
        Client once = client().send("GET /sluice.svg HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(silent.readAll()).isEmpty();
        assertThat(once.readAll()).startsWith("HTTP/1.1 200");
    }

    @Test
    void aClientThatTakesNothingOfACompleteAnswerIsHungUpOn() {
        attacked = Attacked.start("web", Map.of("sluice.http.take-timeout", "1s"));
        String get = "GET " + script() + " HTTP/1.1\r\n" + HOST + "\r\n";
        Client client = client().send(get.repeat(700));

        Await.until("the connection is closed", Duration.ofSeconds(30), () -> !client.maySend());
    }

    /** There is memory for ten entries. An answer that is complete holds only what is left of it. */
    @Test
    void clientsThatTakeNothingMakeRoomSoonForOneThatWaits() {
        attacked = Attacked.start("web", Map.of("sluice.answers.memory", "4M", "sluice.answers.patience", "60s"));
        String get = "GET " + script() + " HTTP/1.1\r\n" + HOST + "\r\n";
        for (int i = 0; i < 100; i++) {
            Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0." + (2 + i % 10)));
            clients.add(client);
            client.sendWhatIsTaken(get.repeat(700));
        }

        Await.until("no memory is free", Duration.ofSeconds(30), () -> !answers(Duration.ofMillis(500)));

        assertThat(answers(Duration.ofSeconds(30))).isTrue();
    }

    private boolean answers(Duration patience) {
        try {
            HttpRequest.Builder get = HttpRequest.newBuilder(attacked.uri("/sluice.svg"));
            return attacked.send(get, patience).statusCode() == 200;
        } catch (UncheckedIOException e) { // it took too long
            return false;
        }
    }

    @Test
    void aRequestThatFindsNoMemoryIsToldToWaitAndProbesAreAnswered() {
        attacked = Attacked.start("web", Map.of("sluice.answers.memory", "40K", "sluice.answers.patience", "1s"));
        String key = attacked.key("write");
        HttpResponse<String> queued = attacked.send(
                attacked.with(key, "/v1/datasets/waits/ingests")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"url\":\"http://example.com/a.csv\"}")),
                Duration.ofSeconds(10));
        assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
        Client watching = client().send("GET /v1/ingests/"
                + JsonPath.from(queued.body()).getString("id") + "/events HTTP/1.1\r\n" + HOST
                + "Authorization: Bearer " + key + "\r\n\r\n");
        assertThat(watching.read(12)).isEqualTo("HTTP/1.1 200");

        HttpResponse<String> refused = attacked.send(attacked.with(key, "/v1/datasets"), Duration.ofSeconds(10));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("ROWS_BUSY");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(attacked.management().status("/q/health/live")).isEqualTo(200);
    }
}
