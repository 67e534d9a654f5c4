package dev.sluice.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs for Node.js that tests run, {@code src/test/js}: a copy of them, with the packages that they take. */
public final class NodePackage {
    private static final Path SOURCE = Path.of("src/test/js");
    private static final int OLDEST_NODE = 20;
    private static final long PATIENCE_MINUTES = 15;

    private final Path directory;

    private NodePackage(Path directory) {
        this.directory = directory;
    }

    /**
     * What a program did.
     *
     * @param output its lines
     */
    public record Outcome(int status, List<String> output, String errors) {
        /** Its output, if it did what it was to do. */
        public List<String> orFail() {
            assertThat(status).as("%s%n%s", errors, String.join("\n", output)).isZero();
            return output;
        }
    }

    /** What there would have to be; {@code null} if all of it is there. */
    public static String missing() {
        Matcher node = Pattern.compile("v(\\d{1,4})\\..*").matcher(version("node"));
        if (!node.matches() || Integer.parseInt(node.group(1)) < OLDEST_NODE) {
            return "SKIPPED: there is no Node.js " + OLDEST_NODE + " or later";
        }
        return version("npm").isEmpty() ? "SKIPPED: there is no npm" : null;
    }

    /** What a program says its version is; empty if there is no such program. */
    public static String version(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Copies the programs there, and fetches what they take. */
    public static NodePackage install(Path directory) {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(SOURCE.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        NodePackage installed = new NodePackage(directory);
        installed
                .run(Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .orFail();
        return installed;
    }

    /** Runs a program there, to its end. */
    public Outcome run(Map<String, String> environment, String... command) {
        Path output = directory.resolve(command[0] + ".out");
        Path errors = directory.resolve(command[0] + ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try {
                assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                        .as("%s ends", (Object) command[0])
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
