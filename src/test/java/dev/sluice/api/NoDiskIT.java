package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.harness.Browser;
import dev.sluice.harness.EventSource;
import dev.sluice.harness.Fetches;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceFile;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The processes of all tests run where they can write nothing (see {@code NoDisk} in the harness). This one is watched while
 * it does all that takes much data through it.
 */
class NoDiskIT {
    private static final byte[] LARGE = ("a,b\n" + "1,some text\n".repeat(1_000_000)).getBytes(UTF_8);

    @Test
    void noFileIsOpenedForWritingOrMadeOrChanged() throws IOException {
        assumeThat(Stream.of("/usr/bin/strace", "/bin/strace").map(Path::of).anyMatch(Files::isExecutable))
                .as("strace is here")
                .isTrue();
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        Path trace = Files.createTempFile(Path.of("target"), "trace-", ".txt");
        try (Service service =
                        Service.startTraced(trace, "web,worker", configuration).awaitReady();
                Source source = Source.start()) {
            upload(service);
            source.on("/large", SourceFile.gzip(LARGE));
            Fetches fetches = new Fetches(service);
            String id = fetches.post("fetched", source.uri("/large"));
            try (EventSource events = EventSource.open(service, "/v1/ingests/" + id + "/events", null)) {
                assertThat(events.rest().getLast().type()).isEqualTo("done");
            }
            assertThat(fetches.state(id)).isEqualTo("succeeded");
            assertThat(service.get("/rest/v1/fetched").body()).endsWith("}]");
            assertThat(service.management().get("/q/metrics").statusCode()).isEqualTo(200);
            assertThat(Browser.load(service, "/")).hasSizeGreaterThan(1);
            assertThat(service.stop()).isEqualTo(143);
        }

        List<String> calls = Files.readAllLines(trace, UTF_8);
        assertThat(calls).as("the trace shows what is opened").anyMatch(NoDiskIT::readsAFile);
        assertThat(calls).filteredOn(NoDiskIT::changesFiles).isEmpty();
    }

    private static void upload(Service service) {
        assertThat(Service.send(HttpRequest.newBuilder(service.uri("/v1/datasets/uploaded"))
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(LARGE))
                                .build())
                        .statusCode())
                .isEqualTo(201);
    }

    private static boolean readsAFile(String call) {
        return call.matches(".* openat\\(.*O_RDONLY.*\\) = \\d+");
    }

    /** A call that succeeded and may have changed a file system; devices and the kernel's own files are none. */
    private static boolean changesFiles(String call) {
        boolean failed = call.contains(" = -1 ");
        boolean kernel = call.contains("\"/dev/") || call.contains("\"/proc/") || call.contains("\"/sys/");
        boolean writes = call.matches(".* (open|openat|openat2)\\(.*(O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE).*")
                || call.matches(
                        ".* (creat|mkdir|mkdirat|mknod|mknodat|rename|renameat|renameat2|link|linkat|symlink|symlinkat"
                                + "|unlink|unlinkat|rmdir|truncate|chmod|fchmodat|chown|fchownat|utimensat)\\(.*");
        return writes && !failed && !kernel;
    }
}
