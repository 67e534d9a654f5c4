package dev.sluice.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Balancer balancer = Balancer.before(() -> List.copyOf(ports));

    private void server(int announced, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, announced);
                exchange.getResponseBody().write(body.getBytes(UTF_8));
            }
        });
        server.start();
        servers.add(server);
        ports.add(server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        balancer.close();
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void theNextRequestOfAClientThatKeepsItsConnectionMeetsAnotherProcess() throws IOException {
        server(1, "a");
        server(1, "b");

        StringBuilder met = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            met.append(balancer.get("/").body());
        }

        assertThat(met.toString()).isEqualTo("ababab");
    }

    @Test
    void whoIsNotThereIsPassedOver() throws IOException {
        server(1, "a");
        server(1, "b");
        servers.getFirst().stop(0);

        assertThat(balancer.get("/").body() + balancer.get("/").body()).isEqualTo("bb");
    }

    @Test
    void whatBreaksOffBreaksOff() throws IOException {
        server(5, "a"); // announces more than it sends

        assertThatThrownBy(() -> balancer.get("/")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void itKnowsWhichProcessHasARequestThatGoesOn() {
        try (Source process = Source.start().on("/there", SourceAnswer.silence())) {
            ports.add(process.port());
            try (Client _ = Client.to(balancer).send("GET /there HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                Await.until(
                        "it is carried",
                        PATIENCE,
                        () -> balancer.carrying("GET /there ").isPresent());

                assertThat(balancer.carrying("GET /there ")).contains(process.port());
                assertThat(balancer.carrying("GET /elsewhere ")).isEmpty();
            }
            Await.until(
                    "it has ended",
                    PATIENCE,
                    () -> balancer.carrying("GET /there ").isEmpty());
        }
    }
}
