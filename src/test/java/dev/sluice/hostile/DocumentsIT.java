package dev.sluice.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Client;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents that many connections of one key ask for or send, and do not take, or not to the end. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DocumentsIT {
    private static final int CLIENTS = 100;

    private static Attacked attacked;
    private static String key;

    private final List<Client> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        attacked = Attacked.start("web");
        key = attacked.key("write");
        attacked.load("examples", examples(400));
    }

    @AfterAll
    static void stop() {
        attacked.close();
    }

    @AfterEach
    void hangUp() {
        clients.forEach(Client::close);
    }

    /** Of each column the catalog keeps the least and the greatest value, and one that ruled each type out. */
    static String examples(int columns) {
        return IntStream.range(0, columns).mapToObj(c -> "c" + c).collect(Collectors.joining(","))
                + "\n"
                + IntStream.range(0, 4)
                        .mapToObj(row -> IntStream.range(0, columns)
                                .mapToObj(c -> row + "語".repeat(190) + c)
                                .collect(Collectors.joining(",")))
                        .collect(Collectors.joining("\n"));
    }

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n" + headers
                + "\r\n";
    }

    /** Sends a request by many connections, from two addresses, and takes no answer. */
    private void hold(byte[]... parts) {
        for (int i = 0; i < CLIENTS; i++) {
            Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0." + (2 + i % 2)));
            clients.add(client);
            for (byte[] part : parts) {
                client.sendWhatIsTaken(part);
            }
        }
        attacked.assertServesOthers();
    }

    private void hold(String request) {
        hold(request.getBytes(UTF_8));
    }

    private void assertServesOthersAfterHangUp() {
        clients.forEach(Client::close);
        attacked.assertServesOthers();
    }

    @Test
    void viewsWithLongExamplesThatNobodyTakes() {
        hold(request("GET", "/v1/datasets/examples", ""));
        assertServesOthersAfterHangUp();
    }

    @Test
    void descriptionsOfManyColumnsThatNobodyTakes() {
        hold(request("GET", "/rest/v1/", ""));
        assertServesOthersAfterHangUp();
    }

    @Test
    void listsOfDatasetsWithLongDescriptionsThatNobodyTakes() {
        for (int i = 0; i < 100; i++) {
            attacked.load("described-" + i, "a\n1\n");
            HttpResponse<String> described = attacked.send(
                    attacked.with(key, "/v1/datasets/described-" + i)
                            .header("Content-Type", "application/json")
                            .method(
                                    "PATCH",
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"description\":\"" + "語".repeat(10_000) + "\"}")),
                    Duration.ofSeconds(30));
            assertThat(described.statusCode()).as(described.body()).isEqualTo(200);
        }
        hold(request("GET", "/v1/datasets", ""));
        hold(request("GET", "/rest/v1/", ""));
        assertServesOthersAfterHangUp();
    }

    @Test
    void listsOfIngestsWithLongUrlsAndOptionsThatNobodyTakes() {
        String url = "http://example.com/" + "x".repeat(7_900);
        String types = "語".repeat(7_900) + ":text";
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> queued = attacked.send(
                    attacked.with(key, "/v1/datasets/queued/ingests")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"url\":\"" + url + i + "\",\"options\":{\"types\":\"" + types + "\"}}")),
                    Duration.ofSeconds(30));
            assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
        }
        HttpResponse<String> list = attacked.send(attacked.with(key, "/v1/ingests"), Duration.ofSeconds(30));
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.body()).hasSizeGreaterThan(1_500_000).endsWith("}");

        hold(request("GET", "/v1/ingests", ""));
        assertServesOthersAfterHangUp();
    }

    @Test
    void changesThatAreNestedArraysAndNeverEnd() {
        byte[] body = Attacks.nestedArrays().getBytes(UTF_8);
        byte[] head = request(
                        "PATCH",
                        "/v1/datasets/examples",
                        "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                .getBytes(UTF_8);

        hold(head, Arrays.copyOf(body, body.length - 1));
        hold(head, body);
        assertServesOthersAfterHangUp();
    }

    @Test
    void samplesWhoseAnswersNobodyTakes() {
        byte[] sample = examples(400).getBytes(UTF_8);
        hold(
                request("POST", "/v1/samples", "Content-Type: text/csv\r\nContent-Length: " + sample.length + "\r\n")
                        .getBytes(UTF_8),
                sample);
        assertServesOthersAfterHangUp();
    }

    @Test
    void uploadsOfManyColumnsWhoseAnswersNobodyTakes() {
        byte[] table = examples(400).getBytes(UTF_8);
        hold(
                request(
                                "PUT",
                                "/v1/datasets/examples",
                                "Content-Type: text/csv\r\nContent-Length: " + table.length + "\r\n")
                        .getBytes(UTF_8),
                table);
        assertServesOthersAfterHangUp();
    }
}
