package dev.sluice.harness;

import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a JVM loaded and linked when it once ran what was built, kept for the processes of all tests: from it they start with less than half
 * the processor time. The first process of the first test has it made, and made anew for another build; but not where tests are
 * chosen by name, because it takes as long as the starts of some tests together.
 */
final class AotCache {
    private static final Path FILE = Path.of("target/test.aot");
    private static final Path UNFINISHED = Path.of("target/test.aot.new");
    private static final Path LOCK = Path.of("target/test.aot.lock");
    private static final Path LOG = Path.of("target/test.aot.log");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final List<String> OPTIONS = find();

    private AotCache() {}

    /** With which a JVM uses it; none if there is none. */
    static List<String> options() {
        return OPTIONS;
    }

    /** Whether there has to be one. */
    static boolean isExpected() {
        return isOnAJvm() && System.getProperty("it.test") == null;
    }

    private static boolean isOnAJvm() {
        return Service.ARTIFACT.toString().endsWith(".jar");
    }

    private static List<String> find() {
        if (!isOnAJvm()) {
            return List.of();
        }
        try (FileChannel channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock whileOthersWait = channel.lock();
            if (isExpected() && !isUsable()) {
                make();
            }
            boolean usable = isUsable();
            whileOthersWait.release();
            if (usable) {
                return List.of("-XX:AOTCache=" + FILE);
            }
            return isExpected() ? without("see " + LOG) : List.of();
        } catch (IOException | AssertionError e) {
            return without(e.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Slower, and else the same; {@code AotCacheIT} fails. */
    private static List<String> without(String why) {
        System.err.println("Processes start without an AOT cache: " + why);
        return List.of();
    }

    /** Whether it is of these very files, this JVM and its options: the JVM itself decides, and runs nothing. */
    private static boolean isUsable() throws IOException, InterruptedException {
        return Files.exists(FILE)
                && isOfThisBuild()
                && java("-XX:AOTMode=on", "-XX:AOTCache=" + FILE, "-cp", Service.ARTIFACT.toString(), "-version")
                                .start()
                                .waitFor()
                        == 0;
    }

    /** The JVM looks at the jar that it is told to run, and takes the classes of all others from the cache as they once were. */
    private static boolean isOfThisBuild() throws IOException {
        FileTime made = Files.getLastModifiedTime(FILE);
        try (Stream<Path> built = Files.walk(Service.ARTIFACT.toAbsolutePath().getParent())) {
            for (Path file : (Iterable<Path>) built.filter(Files::isRegularFile)::iterator) {
                if (Files.getLastModifiedTime(file).compareTo(made) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Runs a process on a database without tables, and asks it a little. */
    private static void make() throws IOException, InterruptedException {
        Files.deleteIfExists(LOG);
        Files.deleteIfExists(UNFINISHED);
        Endpoint endpoint = portOf(FreePorts.next());
        Endpoint management = portOf(FreePorts.next());
        ProcessBuilder builder = java("-XX:AOTCacheOutput=" + UNFINISHED, "-jar", Service.ARTIFACT.toString());
        Service.environment(
                builder.environment(), "web,worker", Servers.newDatabase(), endpoint.port(), management.port());
        Process process = builder.start();
        try {
            Await.until("alive, to make an AOT cache", PATIENCE, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("no AOT cache is made: see " + LOG);
                }
                return management.status("/q/health/live") == 200;
            });
            List.of("/q/health/ready", "/q/metrics").forEach(management::status);
            List.of("/q/openapi", "/v1/datasets", "/rest/v1/none").forEach(endpoint::status);
            process.destroy(); // and as it ends, it writes
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("no AOT cache is made in time: see " + LOG);
            }
        } finally {
            process.destroyForcibly();
        }
        Files.move(UNFINISHED, FILE, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Endpoint portOf(int port) {
        return () -> port;
    }

    private static ProcessBuilder java(String... arguments) {
        return new ProcessBuilder(Stream.concat(Service.JAVA.stream(), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()));
    }
}
