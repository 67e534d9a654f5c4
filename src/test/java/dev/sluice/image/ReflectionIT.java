package dev.sluice.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** What a compiler of native images would be given, by a build of sources alone. */
class ReflectionIT {
    private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

    /** Classes whose bytecode does not tell of what they make JSON, and why that needs no registration. */
    private static final Map<String, String> UNTOLD = Map.of(
            "Description", "maps and lists of texts",
            "Page", "items of the type that the resource method returns",
            "PageDocument", "views, which the resource that makes them registers",
            "RowsResource", "rows as bytes, or as a stream of them",
            "SharedCache", "objects of the class that it reads as well, which is told");

    /** In the project, where the bundler of the console looks for its root, and beside what other tests run. */
    @TempDir(factory = InTarget.class)
    private Path target;

    private static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "native-");
        }
    }

    @Test
    void whatJacksonWritesOrReadsIsRegisteredForReflection() throws Exception {
        JsonTypes types = JsonTypes.in(CLASSES);

        assertThat(types.names())
                .contains(
                        "dev.sluice.platform.problem.Problem", // by a call
                        "dev.sluice.ingest.ProgressEvent", // by a method that takes any object
                        "dev.sluice.access.key.Keys$Holder", // by a lambda that captures its class
                        "dev.sluice.query.Relations$Remembered$Column"); // as a property
        assertThat(types.untold()).isEqualTo(UNTOLD.keySet());
        assertThat(registered()).containsAll(types.names());
    }

    private Set<String> registered() throws Exception {
        Path sources = target.resolve("native-sources");
        build();
        try (JarFile jar = new JarFile(sources.resolve("sluice-runner.jar").toFile())) {
            return json(jar, "META-INF/native-image/reflect-config.json")
                    .valueStream()
                    .filter(c -> c.path("allDeclaredMethods").asBoolean()
                            && c.path("allDeclaredConstructors").asBoolean())
                    .map(c -> c.path("name").asText())
                    .collect(Collectors.toSet());
        }
    }

    private static JsonNode json(JarFile jar, String entry) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private void build() throws Exception {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "quarkus.native.enabled", "true",
                "quarkus.native.sources-only", "true",
                "quarkus.package.jar.enabled", "false",
                "quarkus.cyclonedx.skip", "true"));
        try (CuratedApplication application = QuarkusBootstrap.builder()
                .setApplicationRoot(CLASSES)
                .setProjectRoot(Path.of("").toAbsolutePath())
                .setTargetDirectory(target)
                .setBaseName("sluice")
                .setMode(QuarkusBootstrap.Mode.PROD)
                .setIsolateDeployment(true)
                .setLocalProjectDiscovery(true)
                .setOffline(true)
                .setBuildSystemProperties(settings)
                .build()
                .bootstrap()) {
            application.createAugmentor().createProductionApplication();
        }
    }
}
