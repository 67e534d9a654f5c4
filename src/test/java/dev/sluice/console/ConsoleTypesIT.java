package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The console's TypeScript, whose types the bundler throws away unchecked. What checks them is the Deno that the bundler
 * runs on and has unpacked, against the libraries that went into the bundle: there is nothing to install, and no second
 * list of versions.
 */
class ConsoleTypesIT {
    private static final Path SOURCE = Path.of("src/main/resources/web");
    private static final Path MODULES = Path.of("node_modules");
    private static final Path WRONG = Path.of("target/console-types");
    private static final long PATIENCE_MINUTES = 2;

    private record Outcome(int status, String output) {}

    @Test
    void typesAreRight() throws IOException {
        Outcome outcome = check(SOURCE.resolve("app"));

        assertThat(outcome.status()).as(outcome.output()).isZero();
        try (Stream<Path> files = Files.walk(SOURCE.resolve("app"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".ts")))
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(outcome.output()).contains(f.toString()));
        }
    }

    @Test
    void aWrongTypeWouldBeFound() throws IOException {
        Files.createDirectories(WRONG);
        Files.writeString(WRONG.resolve("wrong.ts"), """
                import { LitElement, html } from 'lit'

                export class Wrong extends LitElement {
                  render() {
                    const unused = 1
                    return html`${[1][0].toFixed()}${this.nothing}`
                  }
                }
                """);

        Outcome outcome = check(WRONG);

        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.output())
                .contains("must have an 'override' modifier")
                .contains("'unused' is declared but its value is never read")
                .contains("Object is possibly 'undefined'")
                .contains("Property 'nothing' does not exist on type 'Wrong'");
    }

    private static Outcome check(Path directory) throws IOException {
        Path output = Files.createTempFile(Path.of("target"), "deno-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(
                        deno().toString(),
                        "check",
                        "--no-remote",
                        "--no-lock",
                        "--node-modules-dir=manual",
                        "--unstable-sloppy-imports", // without extensions, as the bundler takes them
                        "--config=" + SOURCE.resolve("tsconfig.json"),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("DENO_DIR", "target/deno");
        builder.environment().put("NO_COLOR", "1");
        builder.environment().put("RUST_BACKTRACE", "0");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("deno ends")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    private static Path deno() throws IOException {
        try (Stream<Path> platforms = Files.list(MODULES.resolve("@deno"))) {
            List<Path> there = platforms
                    .map(platform -> platform.resolve("deno"))
                    .filter(Files::isExecutable)
                    .toList();
            assertThat(there).as("unpacked by the bundler").hasSize(1);
            return there.getFirst();
        }
    }
}
