package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.SelfSigned;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that talk to PostgreSQL by TLS, and to no server that merely says that it is PostgreSQL. */
class DatabaseTlsIT {
    private static final String URL = "quarkus.datasource.jdbc.url";

    @TempDir
    private static Path directory;

    private static EmbeddedServers servers;
    private static SelfSigned certificate;
    private static Path authority;

    @BeforeAll
    static void start() throws IOException {
        servers = EmbeddedServers.start();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        certificate = SelfSigned.of("dns:localhost", directory);
        authority = file("server.crt", certificate.certificatePem(), "rw-r--r--");
        Path key = file("server.key", certificate.keyPem(), "rw-------");
        Map<String, String> plain = servers.configuration();
        Sql.run(plain, "ALTER SYSTEM SET ssl_cert_file = '" + authority.toAbsolutePath() + "'");
        Sql.run(plain, "ALTER SYSTEM SET ssl_key_file = '" + key.toAbsolutePath() + "'");
        Sql.run(plain, "ALTER SYSTEM SET ssl = on");
        Sql.run(plain, "SELECT pg_reload_conf()");
        Await.until(
                "PostgreSQL takes connections by TLS",
                Duration.ofSeconds(10),
                () -> Sql.query(plain, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                        .contains("t"));
        Service.migrate(plain);
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    private static Path file(String name, String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static Map<String, String> with(String parameters) {
        Map<String, String> configuration = new HashMap<>(servers.configuration());
        configuration.merge(URL, "?sslmode=verify-full&" + parameters, String::concat);
        return configuration;
    }

    private static String sslrootcert() {
        return "sslrootcert=" + authority.toAbsolutePath();
    }

    private static Map<String, String> withAVariable(SelfSigned trusted) {
        Map<String, String> configuration =
                with("sslfactory=org.postgresql.ssl.SingleCertValidatingFactory&sslfactoryarg=env:POSTGRESQL_CA");
        configuration.put("postgresql.ca", trusted.certificatePem());
        return configuration;
    }

    private static void assertAllPoolsUseTls(Map<String, String> configuration) {
        try (Service web = Service.start("web,worker", configuration).awaitReady()) {
            assertThat(web.status("/v1/datasets")).isEqualTo(200);
            assertThat(web.status("/rest/v1/none")).isEqualTo(404);
            assertThat(Sql.query(
                            servers.configuration(),
                            "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                                    + " WHERE application_name ~ '^sluice'"))
                    .containsExactly("t");
        }
    }

    private static void assertRefuses(Map<String, String> configuration, String why) {
        try (Service migrate = Service.start("migrate", configuration)) {
            assertThat(migrate.exitCode()).as(migrate.output()).isEqualTo(1);
            assertThat(migrate.output()).contains(why);
        }
    }

    @Test
    void theAuthorityIsAFile() {
        assertAllPoolsUseTls(with(sslrootcert()));
    }

    @Test
    void theAuthorityIsAVariable() {
        assertAllPoolsUseTls(withAVariable(certificate));
    }

    @Test
    void aServerThatAnotherAuthorityVouchesForIsRefused() throws IOException {
        SelfSigned other = SelfSigned.of("dns:localhost", Files.createDirectory(directory.resolve("other")));

        assertRefuses(withAVariable(other), "PKIX path");
        assertRefuses(with("sslrootcert=" + file("other.crt", other.certificatePem(), "rw-r--r--")), "PKIX path");
    }

    @Test
    void aServerWhoseCertificateHasAnotherNameIsRefused() {
        Map<String, String> configuration = with(sslrootcert());
        configuration.computeIfPresent(URL, (_, url) -> url.replaceFirst("//localhost:", "//127.0.0.1:"));

        assertRefuses(configuration, "The hostname 127.0.0.1 could not be verified");
    }

    @Test
    void aServerIsNotTrustedUnlessTheAuthorityIsNamed() {
        assertRefuses(with("ApplicationName=sluice"), "root.crt");
    }
}
