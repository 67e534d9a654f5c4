package dev.sluice.fuzz;

import dev.sluice.harness.Cluster;
import dev.sluice.harness.Endpoint;
import dev.sluice.harness.Source;
import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code Fuzz --minutes N --seed S}: sends requests to two processes for so long, as the seed decides, and prints counts. On a
 * fault it prints the request, as a command, and the answer, and exits with 1 in the end.
 */
final class Fuzz {
    private static final int CLIENTS = 8;

    private Fuzz() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> options = new HashMap<>(Map.of("minutes", "1", "seed", "54"));
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(options.get("minutes"))));
        long seed = Long.parseLong(options.get("seed"));
        Findings findings = new Findings();
        Tally tally = new Tally();
        try {
            run(length, seed, findings, tally);
        } catch (IOException | RuntimeException | AssertionError e) {
            findings.add("The run itself broke off: " + e);
        }
        List<String> all = List.copyOf(findings.all());
        System.out.println((all.isEmpty() ? "no fault" : all.size() + " faults") + " in " + options.get("minutes")
                + " minutes with seed " + seed + ": " + tally);
        all.forEach(fault -> System.out.println("- " + fault.lines().findFirst().orElse("")));
        System.exit(all.isEmpty() ? 0 : 1);
    }

    private static void run(Duration length, long seed, Findings findings, Tally tally)
            throws IOException, InterruptedException {
        try (EmbeddedServers servers = EmbeddedServers.start();
                Source source = Source.start();
                Cluster cluster = Cluster.start(2, 1, configuration(servers))) {
            List<Endpoint> webs = List.copyOf(cluster.members().stream()
                    .map(Cluster.Member::service)
                    .limit(2)
                    .toList());
            Stock stock = Stock.of(cluster, source);
            new Clients(CLIENTS, webs, stock, findings, tally).run(seed, length);
            for (Cluster.Member member : cluster.members()) {
                if (!member.service().isAlive() || member.service().management().status("/q/health/ready") != 200) {
                    findings.add(member.name() + " is not ready in the end.");
                }
                Log.check(member.name(), member.service().output(), findings);
            }
        }
        tally.check(findings);
    }

    /** Limits are so high that none is met: what they refuse would show nothing. */
    private static Map<String, String> configuration(EmbeddedServers servers) {
        Map<String, String> configuration = new HashMap<>(servers.configuration());
        configuration.putAll(Map.of(
                "sluice.access.mode", "keys",
                "sluice.access.bootstrap.key", Stock.ADMIN,
                "sluice.limit.key.per-second", "0",
                "sluice.limit.address.per-second", "0",
                "sluice.upload.slots", Integer.toString(CLIENTS + 1), // one key has all but one
                "sluice.worker.attempts", "1",
                "sluice.worker.queue", "1000000",
                "sluice.worker.queue-per-key", "1000000",
                "sluice.dataset.keep-for", "1s",
                "sluice.source.allowed-networks", "127.0.0.0/8"));
        configuration.put("sluice.limit.sign-ins-per-hour", "0");
        return configuration;
    }
}
