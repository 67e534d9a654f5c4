package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory of a JVM outside of its heap: its bounds, and a process that few answers leave without any. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DirectMemoryIT {
    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+\\.js)\"");
    private static final int CLIENTS = 100;
    private static final int PROBES = 10;

    /** Left for threads and for the JVM itself. */
    private static final long REST_KIB = 64 * 1024;

    @Test
    void boundsOfMemoryTogetherFitIntoThePod() throws IOException {
        Process java = new ProcessBuilder(Service.JAVA.get(0), Service.JAVA.get(1), "-XX:+PrintFlagsFinal", "-version")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String flags = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Stream.of("MaxHeapSize", "MaxDirectMemorySize", "MaxMetaspaceSize", "ReservedCodeCacheSize")
                        .mapToLong(bound -> value(bound, flags))
                        .sum())
                .isLessThanOrEqualTo((Attacked.POD_KIB - REST_KIB) * 1024);
    }

    private static long value(String flag, String flags) {
        Matcher set = Pattern.compile("\\b" + flag + " += (\\d+) .*\\{command line\\}")
                .matcher(flags);
        assertThat(set.find()).as(flag).isTrue();
        return Long.parseLong(set.group(1));
    }

    /** What asks for memory that is not there may fail, but never wait: it would hold up all others of its event loop. */
    @Test
    void probesDoNotWaitForMemoryThatIsNotThere() {
        List<Client> clients = new ArrayList<>();
        try (Service web = Service.startWith(List.of("-XX:MaxDirectMemorySize=1m"), "web", Servers.migratedDatabase())
                .awaitReady()) {
            Matcher script = SCRIPT.matcher(web.get("/").body());
            assertThat(script.find()).isTrue();
            String get = "GET " + script.group(1) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < CLIENTS; i++) {
                Client client = Client.to(web);
                clients.add(client);
                client.sendWhatIsTaken(get.repeat(200));
            }

            List<Duration> waits = new ArrayList<>();
            for (int i = 0; i < PROBES; i++) {
                long begun = System.nanoTime();
                isLive(web);
                waits.add(Duration.ofNanos(System.nanoTime() - begun));
            }

            assertThat(waits)
                    .filteredOn(wait -> wait.compareTo(Attacked.ALIVE) < 0)
                    .as("of %s", waits)
                    .hasSizeGreaterThan(PROBES / 2);
            clients.forEach(Client::close);
            Await.until("it is well again", Duration.ofSeconds(30), () -> isLive(web));
        } finally {
            clients.forEach(Client::close);
        }
    }

    /** As Kubernetes asks: by a connection of its own, for 5 s. */
    private static boolean isLive(Service web) {
        HttpRequest probe = HttpRequest.newBuilder(web.management().uri("/q/health/live"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
