package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Client;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of clients without a key whose methods and paths are made up, each different. */
class MetersIT {
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static Attacked attacked;

    @BeforeAll
    static void start() {
        attacked = Attacked.start(
                "web", Map.of("sluice.limit.address-per-second", "100000", "sluice.limit.address-burst", "100000"));
    }

    @AfterAll
    static void stop() {
        attacked.close();
    }

    private static String answer(String request) {
        try (Client client = Client.to(attacked)) {
            return client.send(request).whatIsLeft();
        }
    }

    private static List<String> series() {
        return attacked.management()
                .get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .toList();
    }

    @Test
    void aMethodThatHttpDoesNotHaveIsRefusedAndNotRemembered() {
        for (int i = 0; i < 300; i++) {
            assertThat(answer("MADE" + i + " /v1/datasets" + END))
                    .startsWith("HTTP/1.1 501")
                    .contains("METHOD_UNKNOWN");
        }

        assertThat(series()).noneMatch(line -> line.contains("MADE"));
        attacked.assertServesOthers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /made%d",
                "GET /made%d//",
                "GET /v1/made%d",
                "GET /q/made%d",
                "GET /v1//made%d",
                "POST /made%d",
                "OPTIONS /made%d",
                "GET /made%d;x",
                "GET /made%d#x",
                "GET /made%d%%",
                "TRACE /v1/datasets/made%d"
            })
    void aPathThatNoResourceHasIsNotRemembered(String request) {
        for (int i = 0; i < 150; i++) {
            assertThat(answer(request.formatted(i) + END)).startsWith("HTTP/1.1 ");
        }

        assertThat(series()).noneMatch(line -> line.contains("made")).hasSizeLessThan(100);
    }

    @Test
    void anAnswerThatItsClientDoesNotWaitForIsNotRememberedByItsPath() {
        for (int i = 0; i < 150; i++) {
            try (Client client = Client.to(attacked)) {
                client.send("POST /made" + i + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
            }
        }

        assertThat(series()).noneMatch(line -> line.contains("made"));
    }

    @Test
    void aResourceIsStillCountedAfterwards() {
        aPathThatNoResourceHasIsNotRemembered("GET /other-made%d");
        attacked.assertServesOthers();

        assertThat(series()).anyMatch(line -> line.contains("uri=\"/rest/v1/{target}\"") && line.contains("200"));
    }
}
