package dev.sluice.access;

import static dev.sluice.access.Keyed.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits across processes. */
class LimitsIT {
    private static final int PER_SECOND = 20;
    private static final int BURST = 200;

    private static Map<String, String> configuration;
    private static final List<Service> SERVICES = new ArrayList<>();

    @BeforeAll
    static void start() {
        configuration = Keyed.mode(Servers.migratedDatabase());
        configuration.put("sluice.limit.key.per-second", Integer.toString(PER_SECOND));
        configuration.put("sluice.limit.key.burst", Integer.toString(BURST));
        configuration.put("sluice.limit.address.per-second", "100000");
        configuration.put("sluice.limit.address.burst", "100000");
        configuration.put("sluice.limit.bytes-per-day", "1000");
        configuration.put("sluice.limit.sign-ins-per-hour", "0");
        configuration.put("sluice.upload.per-key", "2");
        configuration.put("sluice.session.per-key", "2");
        configuration.put("sluice.worker.queue-per-key", "3");
        for (int i = 0; i < 3; i++) {
            SERVICES.add(Service.start("web", configuration));
        }
        SERVICES.forEach(Service::awaitReady);
    }

    @AfterAll
    static void stop() {
        SERVICES.forEach(Service::close);
    }

    /** So many as one process alone would let in, to one in a hundred. */
    @Test
    void threeProcessesTogetherLetInWhatTheLimitSays() throws InterruptedException {
        String key = Keyed.key(SERVICES.getFirst(), "read");
        AtomicInteger letIn = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicLong last = new AtomicLong();
        long begin = System.nanoTime();
        List<Thread> clients = SERVICES.stream()
                .map(service -> Thread.ofPlatform().start(() -> {
                    HttpRequest request = HttpRequest.newBuilder(service.uri("/v1/sessions"))
                            .header("apikey", key)
                            .build();
                    while (letIn.get() < BURST + 10 * PER_SECOND) {
                        int status = Service.send(request).statusCode();
                        assertThat(status).isIn(200, 429);
                        if (status == 200) {
                            letIn.incrementAndGet();
                            last.set(System.nanoTime());
                        } else {
                            refused.incrementAndGet();
                        }
                    }
                }))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
        double seconds = (last.get() - begin) / 1e9;

        assertThat(refused.get()).isPositive();
        double most = BURST + seconds * PER_SECOND;
        assertThat((double) letIn.get()).isBetween(most * 0.99 - 1, most * 1.01 + 1);
    }

    @Test
    void anAnswerSaysWhatIsLeftAndARefusalWhenToComeBack() {
        String key = Keyed.key(SERVICES.getFirst(), "read");
        Response first = Keyed.with(key, SERVICES.get(1)).get("/v1/datasets");
        assertThat(first.header("RateLimit-Policy"))
                .contains("\"key\";q=200;w=10")
                .contains("\"address\";q=100000;w=1");
        assertThat(first.header("RateLimit")).contains("\"key\";r=199;t=1");

        Response refused;
        do {
            refused = Keyed.with(key, SERVICES.get(2)).get("/v1/datasets");
        } while (refused.statusCode() == 200);
        refused.then().statusCode(429).header("Retry-After", "1").body("code", equalTo("RATE_LIMITED"));
        assertThat(refused.header("RateLimit")).contains("\"key\";r=0;t=10");
        Keyed.with(ADMIN, SERVICES.get(2)).get("/v1/datasets").then().statusCode(200);
    }

    @Test
    void signingInCounts() throws InterruptedException {
        Map<String, String> slow = new HashMap<>(configuration);
        slow.put("sluice.limit.key.per-second", "1");
        slow.put("sluice.limit.key.burst", "3");
        try (Service service = Service.start("web", slow).awaitReady()) {
            String key = Keyed.key(service, "read");
            Queue<Response> answers = new ConcurrentLinkedQueue<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                clients.add(Thread.ofVirtual().start(() -> answers.add(Keyed.signIn(service, key))));
            }
            for (Thread client : clients) {
                client.join();
            }

            Response refused = answers.stream()
                    .filter(answer -> answer.statusCode() != 201)
                    .findFirst()
                    .orElseThrow();
            refused.then().statusCode(429).body("code", equalTo("RATE_LIMITED"));
        }
    }

    @Test
    void aKeySignsInSoOftenInAnHourWhateverProcessIsAsked() {
        Map<String, String> strict = new HashMap<>(configuration);
        strict.put("sluice.limit.sign-ins-per-hour", "4");
        try (Service one = Service.start("web", strict);
                Service two = Service.start("web", strict)) {
            one.awaitReady();
            two.awaitReady();
            String key = Keyed.key(one, "read");
            for (int i = 0; i < 2; i++) {
                Keyed.signIn(one, key).then().statusCode(201);
                Keyed.signIn(two, key).then().statusCode(201);
            }

            Response refused = Keyed.signIn(two, key);

            refused.then().statusCode(429).body("code", equalTo("RATE_LIMITED"));
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(600, 900); // a quarter of an hour
            Keyed.with(key, two).get("/v1/datasets").then().statusCode(200);
            Keyed.signIn(one, Keyed.key(one, "read")).then().statusCode(201);
        }
    }

    @Test
    void aKeyHasSoManyUploadsRunningAndNoMore() {
        String key = Keyed.key(SERVICES.getFirst(), "write");
        try (Client one = upload(SERVICES.get(0), key, "one");
                Client two = upload(SERVICES.get(1), key, "two")) {
            dev.sluice.harness.Await.until("both run", java.time.Duration.ofSeconds(20), () -> {
                return Sql.query(configuration, "SELECT id FROM sluice.ingest WHERE state = 'running'")
                                .size()
                        == 2;
            });
            Keyed.with(key, SERVICES.get(2))
                    .body("a\n1\n")
                    .put("/v1/datasets/three")
                    .then()
                    .statusCode(429)
                    .body("code", equalTo("RATE_LIMITED"));
            Keyed.with(Keyed.key(SERVICES.getFirst(), "write"), SERVICES.get(2))
                    .body("a\n1\n")
                    .put("/v1/datasets/three")
                    .then()
                    .statusCode(201);
            assertThat(two.end().readAll()).startsWith("HTTP/1.1 201");
            assertThat(one.end().readAll()).startsWith("HTTP/1.1 201");
            Keyed.with(key, SERVICES.get(2))
                    .body("a\n2\n")
                    .put("/v1/datasets/three")
                    .then()
                    .statusCode(200);
        }
    }

    @Test
    void whatWasReadOfAnUploadThatFailsCounts() {
        String key = Keyed.key(SERVICES.getFirst(), "write");
        try (Client torn = upload(SERVICES.get(0), key, "torn")) {
            torn.chunk("1\n".repeat(600));
            awaitState("torn", "running");
        }
        awaitState("torn", "failed");
        Keyed.with(key, SERVICES.get(2))
                .body("a\n1\n")
                .put("/v1/datasets/torn")
                .then()
                .statusCode(429)
                .body("code", equalTo("RATE_LIMITED"));
    }

    private static void awaitState(String dataset, String state) {
        String found = "SELECT 1 FROM sluice.ingest WHERE dataset = '" + dataset + "' AND state = '" + state + "'";
        dev.sluice.harness.Await.until(state, java.time.Duration.ofSeconds(20), () -> {
            return Sql.query(configuration, found).size() == 1;
        });
    }

    /** One that has begun and does not end. */
    private static Client upload(Service service, String key, String name) {
        return Client.to(service)
                .send("PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\napikey: " + key
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                .chunk("a\n1\n");
    }

    @Test
    void aKeyHasSoManyIngestsWaitingAndNoMore() {
        String key = Keyed.key(SERVICES.getFirst(), "write");
        for (int i = 0; i < 3; i++) {
            fetch(key, SERVICES.get(i)).then().statusCode(202);
        }
        fetch(key, SERVICES.getFirst()).then().statusCode(429).body("code", equalTo("QUEUE_FULL"));
        fetch(Keyed.key(SERVICES.getFirst(), "write"), SERVICES.getFirst())
                .then()
                .statusCode(202);
    }

    private static Response fetch(String key, Service service) {
        return Keyed.with(key, service)
                .contentType("application/json")
                .body("{\"url\":\"https://example.org/x.csv\"}")
                .post("/v1/datasets/fetched/ingests");
    }

    @Test
    void aKeyLoadsSoManyBytesADayAndNoMore() {
        String key = Keyed.key(SERVICES.getFirst(), "write");
        String name = "bytes";
        String half = "a\n" + "1".repeat(496) + "\n\n";
        Keyed.with(key, SERVICES.get(0))
                .body(half)
                .put("/v1/datasets/" + name)
                .then()
                .statusCode(201);
        Response over = Keyed.with(key, SERVICES.get(1)).body(half + "12").put("/v1/datasets/" + name);
        over.then().statusCode(429).body("code", equalTo("RATE_LIMITED"));
        assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(1, 86_400);
        Keyed.with(ADMIN, SERVICES.get(2))
                .get("/v1/datasets/" + name)
                .then()
                .statusCode(200)
                .body("version", equalTo(1));
        Keyed.with(key, SERVICES.get(2))
                .body("a\n1\n")
                .put("/v1/datasets/" + name)
                .then()
                .statusCode(429);
    }
}
