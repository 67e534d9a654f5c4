package dev.sluice.deploy;

import static dev.sluice.deploy.Build.containers;
import static dev.sluice.deploy.Build.kind;
import static dev.sluice.deploy.Build.name;
import static dev.sluice.deploy.Build.pod;
import static dev.sluice.deploy.Build.role;
import static dev.sluice.deploy.PodRules.w;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Rules of settings, and of the sums that they have to fit in; each yields what breaks it. */
final class SettingRules {
    /** What {@code kubernetes/README.md} asks of PostgreSQL, and what of that is not for processes of Sluice. */
    static final int MAX_CONNECTIONS = 690;

    static final int RESERVED = 20;

    /** How long it may take to record what is handed back: {@code Drain.RECORDING}. */
    private static final Duration RECORDING = Duration.ofSeconds(5);

    private static final Pattern SECRET =
            Pattern.compile(".*(PASSWORD|_KEY|SECRET|TOKEN|USERNAME|JDBC_URL|REDIS_HOSTS).*");

    private static final String BOOTSTRAP_KEY = "SLUICE_ACCESS_BOOTSTRAP_KEY";

    private static final Properties DEFAULTS = defaults();

    private SettingRules() {}

    private static Properties defaults() {
        try (InputStream in = SettingRules.class.getResourceAsStream("/application.properties")) {
            Properties defaults = new Properties();
            defaults.load(in);
            return defaults;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> unknownVariables(Build build) {
        Stream<String> set = build.processes().flatMap(w -> build.variables(w).keySet().stream());
        Stream<String> secret = build.of("Secret")
                .flatMap(s -> Stream.of("data", "stringData")
                        .flatMap(key -> s.path(key).properties().stream())
                        .map(Map.Entry::getKey));
        return Stream.concat(set, secret)
                .filter(v -> !KnownVariables.contains(v))
                .map(v -> "The program knows no " + v);
    }

    /** None is written into a manifest; but those for development, of backing services that come with it. */
    static Stream<String> secrets(Build build) {
        Stream<String> variables = build.workloads()
                .flatMap(w -> build.variables(w).entrySet().stream()
                        .filter(v -> SECRET.matcher(v.getKey()).matches()
                                && !v.getValue().isEmpty())
                        .map(v -> w(w) + " has " + v.getKey() + " in plain sight"));
        Stream<String> documents = build.of("Secret")
                .filter(s -> build.find("Deployment", "postgresql").isEmpty())
                .map(s -> w(s) + " is in a manifest");
        return Stream.concat(variables, documents);
    }

    /** It makes its holder an admin, and only web asks who somebody is. */
    static Stream<String> bootstrapKeys(Build build) {
        Set<String> names = build.of("Secret")
                .filter(s -> s.findValue(BOOTSTRAP_KEY) != null)
                .map(Build::name)
                .collect(Collectors.toCollection(TreeSet::new));
        names.addAll(Set.of("sluice-bootstrap-key", BOOTSTRAP_KEY));
        return build.processes()
                .filter(w -> containers(w).stream()
                                .flatMap(c -> Stream.of("env", "envFrom")
                                        .flatMap(from -> c.path(from).findValuesAsText("name").stream()))
                                .anyMatch(names::contains)
                        != role(w).equals("web"))
                .map(w -> w(w) + (role(w).equals("web") ? " lacks " : " has ") + BOOTSTRAP_KEY);
    }

    static Stream<String> misnamedJobs(Build build) {
        return build.processes()
                .filter(w -> kind(w).equals("Job"))
                .flatMap(w -> containers(w).stream()
                        .map(c -> c.path("image").asText().replaceFirst(".*:", ""))
                        .map(tag ->
                                "sluice-migrate-" + tag.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-"))
                        .filter(wanted -> !wanted.equals(name(w)))
                        .map(wanted -> w(w) + " should be " + wanted));
    }

    static Stream<String> shortGraces(Build build) {
        return build.processes().filter(w -> kind(w).equals("Deployment")).flatMap(w -> {
            Map<String, String> v = build.variables(w);
            Duration needed = Duration.ofSeconds(containers(w).stream()
                            .mapToInt(c ->
                                    c.at("/lifecycle/preStop/sleep/seconds").asInt())
                            .sum())
                    .plus(duration(v.getOrDefault("QUARKUS_SHUTDOWN_DELAY", "0s")))
                    .plus(duration(v.getOrDefault(
                            "QUARKUS_SHUTDOWN_TIMEOUT", DEFAULTS.getProperty("quarkus.shutdown.timeout"))))
                    .plus(duration(v.getOrDefault("SLUICE_WORKER_GRACE", "25s")))
                    .plus(RECORDING);
            int grace = pod(w).path("terminationGracePeriodSeconds").asInt(30);
            return needed.toSeconds() < grace
                    ? Stream.empty()
                    : Stream.of(w(w) + " has " + grace + " s to end and may need " + needed.toSeconds() + " s");
        });
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text);
    }

    /**
     * What takes long and what takes short each have enough connections; and autoscalers count in what one key may have of a
     * worker. Loads and indexes take none from the pool of the catalog: the process adds theirs.
     */
    static Stream<String> smallPools(Build build) {
        return build.processes().filter(w -> kind(w).equals("Deployment")).flatMap(w -> {
            Map<String, String> v = build.variables(w);
            Stream<String> pools = role(w).equals("web")
                    ? Stream.of(
                            room(w, "requests", 3, shortOnes(v)),
                            room(w, "exports", number(v, "SLUICE_QUERY_EXPORTS", 16) + 2, reader(v)))
                    : Stream.of(room(w, "claims and sweeps", 2, shortOnes(v)));
            Stream<String> targets = role(w).equals("worker")
                    ? build.autoscaler(w).stream()
                            .flatMap(SettingRules::targets)
                            .map(target -> target == ofOneKey(v) ? "" : w(w) + " is scaled by " + target)
                    : Stream.empty();
            return Stream.concat(pools, targets).filter(s -> !s.isEmpty());
        });
    }

    private static Stream<Integer> targets(ObjectNode autoscaler) {
        Stream<JsonNode> metrics = StreamSupport.stream(
                        autoscaler.at("/spec/metrics").spliterator(), false)
                .map(m -> m.at("/external/target/averageValue"));
        Stream<JsonNode> triggers = StreamSupport.stream(
                        autoscaler.at("/spec/triggers").spliterator(), false)
                .map(t -> t.at("/metadata/targetQueryValue"));
        return Stream.concat(metrics, triggers).filter(JsonNode::isTextual).map(JsonNode::asInt);
    }

    private static String room(ObjectNode w, String what, int needed, int pool) {
        return needed <= pool ? "" : w(w) + " has " + pool + " connections, which are too few for " + what;
    }

    static Stream<String> connections(Build build) {
        int most = build.find("Deployment", "postgresql")
                .flatMap(p -> Pattern.compile("max_connections=(\\d+)")
                        .matcher(p.toString())
                        .results()
                        .map(m -> Integer.valueOf(m.group(1)))
                        .findFirst())
                .orElse(MAX_CONNECTIONS);
        int sum = connectionsOf(build);
        return sum + RESERVED <= most
                ? Stream.empty()
                : Stream.of(sum + " connections are more than " + most + " allow");
    }

    /**
     * In an update all old processes of a Deployment may still be ending when all new ones run, and with them those that a
     * scale-down told to go before.
     */
    static int connectionsOf(Build build) {
        return build.processes()
                .mapToInt(w -> {
                    Map<String, String> v = build.variables(w);
                    int processes = kind(w).equals("Job") ? 1 : 2 * build.most(w) + leaving(build, w);
                    return processes * (shortOnes(v) + longOnes(role(w), v) + reader(v));
                })
                .sum();
    }

    /** So many an autoscaler may have told to go that are still ending when it has called as many others as it may. */
    private static int leaving(Build build, ObjectNode w) {
        return build.autoscaler(w)
                .map(a -> a.findValue("scaleDown").at("/policies/0"))
                .map(policy -> {
                    int grace = pod(w).path("terminationGracePeriodSeconds").asInt(30);
                    int byPolicy = policy.path("value").asInt()
                            * Math.ceilDiv(grace, policy.path("periodSeconds").asInt());
                    // Each that does not end at once is at an ingest, and above so many of these nobody is told to go.
                    int byIngests = ofOneKey(build.variables(w)) * (build.most(w) - 1);
                    return role(w).equals("worker") ? Math.min(byPolicy, byIngests) : byPolicy;
                })
                .orElse(0);
    }

    /** Slots of one worker that one key may have. */
    private static int ofOneKey(Map<String, String> v) {
        return Math.max(1, number(v, "SLUICE_WORKER_SLOTS", 4) - 1);
    }

    /** What the process adds to the pool of the catalog, and the connection of heartbeats. */
    private static int longOnes(String role, Map<String, String> v) {
        return switch (role) {
            case "web" -> number(v, "SLUICE_UPLOAD_SLOTS", 4) + 1;
            case "worker" -> number(v, "SLUICE_WORKER_SLOTS", 4) + 2;
            default -> 0;
        };
    }

    private static int shortOnes(Map<String, String> v) {
        return number(
                v,
                "QUARKUS_DATASOURCE_JDBC_MAX_SIZE",
                Integer.parseInt(DEFAULTS.getProperty("quarkus.datasource.jdbc.max-size")));
    }

    private static int reader(Map<String, String> v) {
        return number(
                v,
                "QUARKUS_DATASOURCE_READER_JDBC_MAX_SIZE",
                Integer.parseInt(DEFAULTS.getProperty("quarkus.datasource.reader.jdbc.max-size")));
    }

    private static int number(Map<String, String> v, String variable, int otherwise) {
        return v.containsKey(variable) ? Integer.parseInt(v.get(variable)) : otherwise;
    }
}
