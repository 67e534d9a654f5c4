package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the image on a JVM is made of, by the steps that make it. */
class TrainAotIT {
    @TempDir
    private Path image;

    @Test
    void aProcessStartsFromWhatItsTrainingKept() throws Exception {
        Path artifact = Path.of("target/quarkus-app");
        assumeTrue(Files.exists(artifact), "SKIPPED: what was built is a native executable");
        copy(artifact, image);
        Files.copy(Path.of("src/main/docker/jvm.options"), image.resolve("jvm.options"));

        Process training = java(List.of("src/main/docker/train-aot", image.toString()), Path.of("."));
        assertThat(training.waitFor()).isZero();
        int port = FreePorts.next();
        // AOTMode=on: a process that cannot use it does not start.
        Process process = java(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@jvm.options",
                        "-XX:AOTMode=on",
                        "-XX:AOTCache=app.aot",
                        "-Dquarkus.management.port=" + port,
                        "-Dquarkus.datasource.jdbc.url=jdbc:postgresql://localhost:1/none",
                        "-Dquarkus.redis.hosts=redis://localhost:1",
                        "-jar",
                        "quarkus-run.jar"),
                image);
        try {
            assertThat(live(process, port)).isEqualTo(200);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static int live(Process process, int port) throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) { // which asks to change to HTTP/2
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/live"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            while (process.isAlive()) {
                try {
                    return http.send(request, BodyHandlers.discarding()).statusCode();
                } catch (IOException e) {
                    // not yet
                }
            }
            throw new AssertionError("the process ended with " + process.exitValue());
        }
    }

    private static Process java(List<String> command, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        for (String port : List.of("QUARKUS_HTTP_PORT", "QUARKUS_MANAGEMENT_PORT")) {
            builder.environment().put(port, Integer.toString(FreePorts.next()));
        }
        return builder.start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
