package dev.sluice.chaos;

import dev.sluice.harness.Cluster;
import dev.sluice.harness.Service;
import dev.sluice.harness.Source;
import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Chaos --minutes N --seed S [--webs N] [--workers N] [--fault NAME]}: disturbs a cluster for so long while clients use it, checks
 * what they were told, and prints counts. On a fault it prints the seed and where schedule and history are, and exits with
 * 1. With a {@link PlantedFault} it ends as soon as that is found, and exits with 1 if it is not.
 * {@code Chaos --fresh-process-per-request N}: a client's requests, each to a process of its own.
 */
final class Chaos {
    private static final Duration LEASE = Duration.ofSeconds(6);

    private Chaos() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of("minutes", "2", "seed", "1", "webs", "2", "workers", "2"));
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(options.get("minutes"))));
        long seed = Long.parseLong(options.get("seed"));
        if (options.containsKey("fresh-process-per-request")) {
            freshProcesses(Integer.parseInt(options.get("fresh-process-per-request")));
            return;
        }
        Optional<PlantedFault> planted =
                Optional.ofNullable(options.get("fault")).map(PlantedFault::valueOf);
        if (planted.isPresent()) {
            System.setProperty("sluice.artifact", planted.get().artifact().toString());
        }
        History history =
                new History(said -> planted.isPresent() && planted.get().isFound(said));
        List<Disturbances.Event> schedule = Disturbances.schedule(seed, length);
        try {
            run(options, seed, schedule, history);
        } catch (Exception | AssertionError e) {
            history.fault("the run itself broke off: " + e);
        }
        history.counts().forEach((what, count) -> System.out.println("%8d  %s".formatted(count.sum(), what)));
        boolean well =
                planted.isPresent() ? history.isFound() : history.faults().isEmpty();
        if (!well) {
            Path file = Path.of("target", "chaos-" + seed + ".txt");
            Files.writeString(file, "seed " + seed + "\n\n" + lines(schedule) + "\n" + lines(history.lines()));
            System.out.println("schedule and history are in " + file);
        }
        System.out.println(
                planted.isPresent()
                        ? planted.get() + (well ? " was found" : " was NOT found") + " with seed " + seed
                                + (well ? ": " + history.found() : "")
                        : (well ? "no fault" : history.faults().size() + " faults") + " in " + length.toMinutes()
                                + " minutes with seed " + seed);
        System.exit(well ? 0 : 1);
    }

    private static void freshProcesses(int requests) throws IOException {
        try (EmbeddedServers servers = EmbeddedServers.start();
                Source source = Source.start()) {
            Map<String, String> configuration = new HashMap<>(servers.configuration());
            configuration.put("sluice.source.allowed-networks", "127.0.0.0/8");
            Service.migrate(configuration);
            try (Service _ = Service.start("worker", configuration).awaitReady();
                    FreshProcesses processes = new FreshProcesses(configuration)) {
                System.out.println(processes.run(requests, source)
                        + " requests, each answered by a process that was started after the one before had ended");
            }
        }
        System.exit(0);
    }

    private static String lines(List<?> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void run(Map<String, String> options, long seed, List<Disturbances.Event> schedule, History history)
            throws IOException, InterruptedException {
        try (EmbeddedServers servers = EmbeddedServers.start();
                Source source = Source.start()) {
            Map<String, String> configuration = new HashMap<>(servers.configuration());
            configuration.putAll(Map.of(
                    "sluice.source.allowed-networks", "127.0.0.0/8",
                    "sluice.source.idle-timeout", "4s",
                    "sluice.worker.lease", LEASE.toSeconds() + "s",
                    "sluice.worker.grace", "2s",
                    "sluice.worker.slots", "3", // two for one key
                    "sluice.worker.attempts", "1000",
                    "sluice.worker.hand-backs", "1000",
                    "sluice.worker.backoff", "500ms",
                    "sluice.worker.max-backoff", "2s",
                    "sluice.dataset.keep-for", "30s"));
            configuration.put("sluice.limit.sign-ins-per-hour", "0");
            configuration.put("sluice.access.mode", "keys");
            configuration.put("sluice.access.bootstrap-key", Credential.KEY);
            try (Cluster cluster = Cluster.start(
                    Integer.parseInt(options.get("webs")), Integer.parseInt(options.get("workers")), configuration)) {
                Audit audit = new Audit(configuration, LEASE, history);
                audit.begin();
                Clients clients = new Clients(cluster, history);
                clients.start(seed, source);
                new Disturbances(cluster, servers, configuration, LEASE, history).run(schedule);
                clients.finish();
                if (history.isFound()) {
                    return;
                }
                servers.stopRedis();
                clients.queueWithoutDoorbell();
                servers.startRedis();
                if (history.isFound()) {
                    return;
                }
                new Oracle(configuration, cluster, clients.http(), history).check();
                audit.check();
            }
        }
    }
}
