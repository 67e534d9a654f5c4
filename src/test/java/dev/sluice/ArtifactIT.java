package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactIT {
    private static final Path ARTIFACT = Path.of("target/quarkus-app");
    private static final Path SBOM = Path.of("target/quarkus-run-cyclonedx.json");
    /** Quarkus names a library GROUP.ARTIFACT-VERSION.jar, with a classifier before the suffix where there is one. */
    private static final Pattern LIBRARY = Pattern.compile("(?<name>.+?)-(?<version>\\d+(\\.\\w+)*)(-.*)?\\.jar");

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

    @ParameterizedTest
    @CsvFileSource(resources = "/floors.csv")
    void noLibraryIsBelowItsFloor(String name, String floor, String fault) {
        assertThat(versions(Pattern.quote(name)))
                .as("versions of %s, which has %s below %s", name, fault, floor)
                .isNotEmpty()
                .allSatisfy(version -> assertThat(version).isGreaterThanOrEqualTo(Version.parse(floor)));
    }

    /** The pom raises these modules one by one, so a module that a new dependency brings could stay behind. */
    @ParameterizedTest
    @ValueSource(strings = {"io\\.netty\\.(?!netty-tcnative).*", "io\\.vertx\\..*", "io\\.micrometer\\.micrometer-.*"})
    void modulesThatAreReleasedTogetherHaveOneVersion(String names) {
        assertThat(versions(names).distinct()).hasSize(1);
    }

    @Test
    void theSbomNamesEveryJarWithItsVersionAndDigest() throws IOException {
        Map<String, JsonNode> components = new HashMap<>();
        for (JsonNode component : new ObjectMapper().readTree(SBOM.toFile()).path("components")) {
            for (JsonNode occurrence : component.path("evidence").path("occurrences")) {
                components.put(occurrence.path("location").asText(), component);
            }
        }

        assertThat(jars).allSatisfy(jar -> {
            JsonNode component = components.get(ARTIFACT.relativize(jar).toString());
            assertThat(component).isNotNull();
            assertThat(component.path("hashes"))
                    .anySatisfy(
                            hash -> assertThat(hash.path("content").asText()).isEqualTo(sha256(jar)));
            if (jar.startsWith(ARTIFACT.resolve("lib"))) {
                Matcher library = LIBRARY.matcher(jar.getFileName().toString());
                assertThat(library.matches()).isTrue();
                assertThat(component.path("version").asText()).startsWith(library.group("version"));
            }
        });
    }

    /** The versions of the libraries whose names match. */
    private static Stream<Version> versions(String names) {
        return jars.stream()
                .map(jar -> LIBRARY.matcher(jar.getFileName().toString()))
                .filter(library -> library.matches() && library.group("name").matches(names))
                .map(library -> Version.parse(library.group("version")));
    }

    private static Stream<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
