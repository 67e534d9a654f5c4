package dev.sluice.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Balancer;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.SlowBody;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A rolling update as a Deployment does it, with one more process than there are to be: a new one is started and awaited,
 * then an old one is told to end, while clients read and upload through a proxy that asks for readiness as a Service does.
 */
class RollingUpdateIT {
    private static final int PROCESSES = 3;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String ROWS = "n,word\n" + "1,one\n2,two\n3,three\n".repeat(2000);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Service> processes = new CopyOnWriteArrayList<>();
    private final Queue<String> failedReads = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusedUploads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private volatile List<Integer> ready = List.of();
    private volatile boolean over;

    @Test
    void noReadFailsAndEveryUploadIsAnsweredOnceWhileAllProcessesAreReplaced() throws Exception {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("quarkus.shutdown.delay", "2s"); // several looks of the proxy
        configuration.put("sluice.worker.grace", "1s"); // less than a slow upload takes, so that some are cut
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(Service.start("web", configuration));
        }
        processes.forEach(Service::awaitReady);
        try (Balancer proxy = Balancer.before(() -> ready);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Thread.ofVirtual().start(this::lookWhoIsReady);
            Await.until("all are ready", Duration.ofSeconds(30), () -> ready.size() == PROCESSES);
            URI base = proxy.uri("");
            assertThat(put(base, "read", "read.0", BodyPublishers.ofString(ROWS)))
                    .isEqualTo(201);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(clients.submit(() -> read(base)));
            }
            for (int i = 0; i < 12; i++) { // so many that whichever process ends is at some of them
                String name = "uploaded-" + i;
                boolean slow = i > 1;
                all.add(clients.submit(() -> upload(base, name, slow)));
            }

            for (int i = 0; i < PROCESSES; i++) {
                Service fresh = Service.start("web", configuration).awaitReady();
                processes.add(fresh);
                Await.until("the proxy knows the new one", Duration.ofSeconds(30), () -> ready.contains(fresh.port()));
                Service old = processes.getFirst();
                old.stop();
                processes.remove(old);
            }

            over = true;
            for (Future<?> client : all) {
                client.get();
            }
        } finally {
            over = true;
            processes.forEach(Service::close);
        }

        System.out.printf(
                "%d processes replaced: %d reads, %d failed; %d uploads answered, %d of their requests cut or put off%n",
                PROCESSES, reads.get(), failedReads.size(), uploads.get(), cut.get());
        assertThat(failedReads).isEmpty();
        assertThat(refusedUploads).isEmpty();
        assertThat(reads).hasPositiveValue();
        assertThat(cut).hasPositiveValue();
        assertThat(Sql.query(
                        configuration,
                        "SELECT coalesce(sum(last_number), 0) FROM sluice.dataset WHERE name LIKE 'uploaded%'"))
                .containsExactly(Integer.toString(uploads.get()));
    }

    @Test
    void anExportThatOutlastsItsProcessIsCutAndDoesNotLookComplete() {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("quarkus.shutdown.timeout", "1s");
        try (Service process = Service.start("web", configuration).awaitReady()) {
            assertThat(put(process.uri(""), "large", "large.0", BodyPublishers.ofString(ROWS.repeat(500))))
                    .isEqualTo(201);
            try (Client client = Client.to(process)) {
                client.send("GET /rest/v1/large HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(client.read(1000)).startsWith("HTTP/1.1 200");

                process.stop();

                assertThat(client.whatIsLeft()).doesNotEndWith("0\r\n\r\n");
            }
        }
    }

    private void lookWhoIsReady() {
        while (!over) {
            ready = processes.stream()
                    .filter(p -> p.isAlive() && status(p) == 200)
                    .map(Service::port)
                    .toList();
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static int status(Service process) {
        try {
            return process.management().status("/q/health/ready");
        } catch (RuntimeException e) {
            return 0;
        }
    }

    private void read(URI base) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/rest/v1/read?n=eq.2&limit=1"))
                .timeout(Duration.ofSeconds(60))
                .build();
        while (!over) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                reads.incrementAndGet();
                if (answer.statusCode() != 200 || !answer.body().equals("[{\"n\":2,\"word\":\"two\"}]")) {
                    failedReads.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failedReads.add(e.toString());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void upload(URI base, String name, boolean slow) {
        for (int number = 1; !over; number++) {
            byte[] rows = (ROWS + "4," + number + "\n").getBytes(UTF_8);
            int status = put(base, name, name + "." + number, body(rows, slow));
            while (status == 0 || status == 503) {
                cut.incrementAndGet();
                status = put(base, name, name + "." + number, BodyPublishers.ofByteArray(rows));
            }
            uploads.incrementAndGet();
            if (status != 200 && status != 201) {
                refusedUploads.add(name + "." + number + ": " + status);
            }
        }
    }

    /** The status of the answer; 0 if there was none. */
    private int put(URI base, String name, String key, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/v1/datasets/" + name))
                .header("Idempotency-Key", key)
                .timeout(Duration.ofSeconds(60))
                .PUT(body)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BodyPublisher body(byte[] rows, boolean slow) {
        return slow ? SlowBody.of(rows, 1024, Duration.ofSeconds(6)) : BodyPublishers.ofByteArray(rows);
    }
}
