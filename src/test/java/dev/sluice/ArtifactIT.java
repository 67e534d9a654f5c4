package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArtifactIT {
    private static final Path ARTIFACT = Path.of("target/quarkus-app");

    private static List<Path> jars;

    @BeforeAll
    static void find() throws IOException {
        assumeTrue(Files.exists(ARTIFACT), "SKIPPED: what was built is a native executable");
        try (Stream<Path> files = Files.walk(ARTIFACT)) {
            jars = files.filter(f -> f.toString().endsWith(".jar")).toList();
        }
        assertThat(jars).hasSizeGreaterThan(50);
    }

    @Test
    void theArtifactHasNoEmbeddedServerAndNoTestCode() {
        List<String> entries = jars.stream().flatMap(ArtifactIT::entries).toList();
        assertThat(entries).contains("dev/sluice/ingest/Load.class");
        assertThat(entries)
                .noneMatch(e -> e.startsWith("dev/sluice/local/"))
                .noneMatch(e -> e.startsWith("dev/sluice/harness/"))
                .noneMatch(e -> e.startsWith("io/zonky/"))
                .noneMatch(e -> e.startsWith("redis/embedded/"))
                .noneMatch(e -> e.contains("redis-server"))
                .noneMatch(e -> e.endsWith(".txz"))
                .noneMatch(e -> e.contains("junit"));
    }

    @Test
    void theArtifactHasNoDnsjava() {
        assertThat(jars).flatMap(jar -> entries(jar).toList()).noneMatch(e -> e.startsWith("org/xbill/DNS/"));
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
