package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Fetches;
import dev.sluice.harness.SelfSigned;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.harness.SourceFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose certificate no authority of the Java runtime signed. */
class TrustStoreIT {
    @TempDir
    static Path directory;

    private static Map<String, String> configuration;
    private static SelfSigned certificate;
    private static Source source;

    @BeforeAll
    static void start() {
        configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
        certificate = SelfSigned.of("ip:127.0.0.1", directory);
        source = Source.start(certificate).on("/a.csv", SourceFile.of("a,b\n1,2\n".getBytes(UTF_8)));
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    private static String ended(List<String> options, String dataset) {
        try (Service service = Service.startWith(options, "web,worker", configuration)) {
            Fetches fetches = new Fetches(service.awaitReady());
            return fetches.ended(fetches.post(dataset, source.uri("/a.csv")));
        }
    }

    @Test
    void itsCertificateIsTrustedIfTheTrustStoreHoldsIt() {
        List<String> options = List.of(
                "-Djavax.net.ssl.trustStore=" + certificate.trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + SelfSigned.PASSWORD);

        assertThat(ended(options, "trusted")).isEqualTo("succeeded");
    }

    @Test
    void itsCertificateIsNotTrustedWithoutATrustStore() {
        assertThat(ended(List.of(), "strange")).isEqualTo("failed SOURCE_UNREACHABLE");
    }
}
