package dev.sluice.harness;

import dev.sluice.local.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One process of the built artifact. */
public final class Service implements Endpoint, AutoCloseable {
    /** A jar or a native executable: what was built, or something else only to see that what is wrong with it is found. */
    static final Path ARTIFACT = Path.of(System.getProperty("sluice.artifact", "target/quarkus-app/quarkus-run.jar"));

    private static final Duration STARTUP = Duration.ofSeconds(90);

    /** An AOT cache is of these options: it has to be made with all of them. */
    public static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@src/main/docker/jvm.options",
            "-XX:TieredStopAtLevel=1"); // processes that live for seconds: start, do not optimise

    /** As {@code Dockerfile.native} starts it. */
    private static final List<String> NATIVE =
            List.of(ARTIFACT.toString(), "-Xmx128m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final int port;
    private final Endpoint management;
    private final Path log;
    private final Thread logging;

    private Service(Process process, int port, int management, Path log, Thread logging) {
        this.process = process;
        this.port = port;
        this.management = () -> management;
        this.log = log;
        this.logging = logging;
    }

    /** Starts a process and does not wait for it. */
    public static Service start(String types, Map<String, String> configuration) {
        return start(List.of(), List.of(), types, configuration);
    }

    /** The same with arguments of the Java runtime, which an executable takes too. */
    public static Service startWith(List<String> options, String types, Map<String, String> configuration) {
        return start(List.of(), options, types, configuration);
    }

    /** As {@link #start}, and writes each file that it, or any process it starts, opens or makes to a file. */
    public static Service startTraced(Path trace, String types, Map<String, String> configuration) {
        return start(
                List.of("strace", "-D", "-f", "-qq", "--seccomp-bpf", "-e", "trace=%file", "-o", trace.toString()),
                List.of(),
                types,
                configuration);
    }

    /** Starts a process that does once what its arguments say. */
    public static Service command(Map<String, String> configuration, String... arguments) {
        return start(List.of(), List.of(), "web", configuration, arguments);
    }

    /** The same, and its output is what it writes to standard output: not its log, nor what is wrong. */
    public static Service commandWithoutLog(Map<String, String> configuration, String... arguments) {
        return start(List.of("sh", "-c", "exec \"$@\" 2>/dev/null", "sh"), List.of(), "web", configuration, arguments);
    }

    private static Service start(
            List<String> prefix,
            List<String> options,
            String types,
            Map<String, String> configuration,
            String... arguments) {
        try {
            int port = FreePorts.next();
            int management = FreePorts.next();
            Path log = Files.createTempFile(Path.of("target"), "service-" + types.replace(',', '-') + "-", ".log");
            List<String> command = new ArrayList<>(prefix);
            command.addAll(NoDisk.PREFIX);
            if (ARTIFACT.toString().endsWith(".jar")) {
                command.addAll(JAVA);
                command.addAll(AotCache.options());
                command.addAll(options);
                command.addAll(List.of("-jar", ARTIFACT.toString()));
            } else {
                command.addAll(NATIVE);
                command.addAll(options);
            }
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            environment(builder.environment(), types, configuration, port, management);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            // Through a pipe: what the process writes to disk is nothing.
            Thread logging = Thread.ofPlatform().daemon().name("log").start(() -> copy(process.getInputStream(), log));
            return new Service(process, port, management, log, logging);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void environment(
            Map<String, String> environment,
            String types,
            Map<String, String> configuration,
            int port,
            int management) {
        environment.put("TMPDIR", "/nowhere");
        environment.put("SLUICE_ACCESS_MODE", "open"); // those that are about keys say so
        configuration.forEach((key, value) -> environment.put(variable(key), value));
        environment.put("SLUICE_PROCESSES", types);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management));
    }

    private static void copy(InputStream output, Path log) {
        try (OutputStream file = Files.newOutputStream(log)) {
            output.transferTo(file);
        } catch (IOException e) {
            // the process was killed, and its output closed while it was read
        }
    }

    private static String variable(String key) {
        return key.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Applies the schema by a process of its own. */
    public static void migrate(Map<String, String> configuration) {
        try (Service migrate = start("migrate", configuration)) {
            if (migrate.exitCode() != 0) {
                throw new AssertionError("migrate failed:\n" + migrate.output());
            }
        }
    }

    public Service awaitReady() {
        Await.until("ready: " + log, STARTUP, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the process ended:\n" + output());
            }
            return management.status("/q/health/ready") == 200;
        });
        return this;
    }

    public static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    /** Where it tells of its health and of its metrics. */
    public Endpoint management() {
        return management;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** A signal by its name, as {@code kill} takes it. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM, and waits for the end. */
    public int stop() {
        process.destroy();
        return exitCode();
    }

    /** Waits for the end. */
    public int exitCode() {
        try {
            if (!process.waitFor(STARTUP.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end:\n" + output());
            }
            logging.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All it has written so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
