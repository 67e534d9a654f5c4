package dev.sluice.deploy;

import static dev.sluice.deploy.Build.containers;
import static dev.sluice.deploy.Build.kind;
import static dev.sluice.deploy.Build.name;
import static dev.sluice.deploy.Build.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules of what a pod may and must have; each yields what breaks it. */
final class PodRules {
    /** Resident at the most, measured of a JVM with the options of {@code src/main/docker/jvm.options} under attack: 383 MB. */
    private static final BigDecimal MEASURED_NEED = new BigDecimal(383L * 1024 * 1024);

    private static final Pattern PINNED = Pattern.compile(".+(:(?!latest$)[\\w][\\w.-]*|@sha256:[0-9a-f]{64})");

    private static final Map<String, String> PROBES = Map.of(
            "startupProbe", "/q/health/started",
            "livenessProbe", "/q/health/live",
            "readinessProbe", "/q/health/ready");

    private PodRules() {}

    /** PostgreSQL alone has files; it is a backing service, and for development. */
    static Stream<String> volumes(Build build) {
        return build.workloads()
                .filter(w -> !name(w).equals("postgresql"))
                .filter(w -> pod(w).has("volumes")
                        || w.at("/spec").has("volumeClaimTemplates")
                        || containers(w).stream().anyMatch(c -> c.has("volumeMounts") || c.has("volumeDevices")))
                .map(w -> w(w) + " has a volume");
    }

    static Stream<String> writableRoots(Build build) {
        return whereNot(
                build,
                c -> c.at("/securityContext/readOnlyRootFilesystem").asBoolean(),
                "can write to its root file system");
    }

    static Stream<String> rootUsers(Build build) {
        return build.workloads()
                .filter(w -> !pod(w).at("/securityContext/runAsNonRoot").asBoolean()
                        || pod(w).at("/securityContext/runAsUser").asInt(0) == 0
                        || containers(w).stream().anyMatch(PodRules::overridesUser))
                .map(w -> w(w) + " may run as root");
    }

    private static boolean overridesUser(JsonNode container) {
        return container.path("securityContext").has("runAsUser")
                || container.path("securityContext").has("runAsNonRoot");
    }

    static Stream<String> privileges(Build build) {
        Predicate<JsonNode> none =
                c -> !c.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)
                        && c.at("/securityContext/capabilities/drop/0").asText().equals("ALL")
                        && !c.at("/securityContext/capabilities").has("add")
                        && !c.at("/securityContext/privileged").asBoolean();
        Stream<String> unconfined = build.workloads()
                .filter(w -> !pod(w).at("/securityContext/seccompProfile/type")
                                .asText()
                                .equals("RuntimeDefault")
                        || List.of("hostNetwork", "hostPID", "hostIPC").stream().anyMatch(pod(w)::has))
                .map(w -> w(w) + " is not confined");
        return Stream.concat(unconfined, whereNot(build, none, "has privileges"));
    }

    static Stream<String> tokens(Build build) {
        Stream<String> pods = build.workloads()
                .filter(w -> pod(w).path("automountServiceAccountToken").asBoolean(true))
                .map(w -> w(w) + " has a token of its service account");
        Stream<String> accounts = build.of("ServiceAccount")
                .filter(a -> a.path("automountServiceAccountToken").asBoolean(true))
                .map(a -> w(a) + " gives its token away");
        return Stream.concat(pods, accounts);
    }

    static Stream<String> serviceLinks(Build build) {
        return build.workloads()
                .filter(w -> pod(w).path("enableServiceLinks").asBoolean(true))
                .map(w -> w(w) + " has variables by the names of Services");
    }

    static Stream<String> smallMemory(Build build) {
        return build.processes()
                .flatMap(w -> containers(w).stream()
                        .filter(c -> !c.at("/resources/limits").has("memory")
                                || Quantity.getAmountInBytes(new Quantity(c.at("/resources/limits/memory")
                                                        .asText()))
                                                .compareTo(MEASURED_NEED)
                                        < 0)
                        .map(c -> w(w) + " has too little memory"));
    }

    static Stream<String> floatingImages(Build build) {
        return whereNot(
                build, c -> PINNED.matcher(c.path("image").asText()).matches(), "has an image that is not pinned");
    }

    static Stream<String> missingProbes(Build build) {
        return build.processes()
                .filter(w -> kind(w).equals("Deployment"))
                .flatMap(w -> PROBES.entrySet().stream()
                        .filter(probe ->
                                containers(w).stream().anyMatch(c -> !asks(c, probe.getKey(), probe.getValue())))
                        .map(probe -> w(w) + " is not asked " + probe.getValue()));
    }

    private static boolean asks(JsonNode container, String probe, String path) {
        JsonNode get = container.path(probe).path("httpGet");
        boolean isForClients = container.path("name").asText().equals("web");
        return opens(container, "management", 9000)
                && opens(container, "http", 8080) == isForClients
                && get.path("path").asText().equals(path)
                && get.path("port").asText().equals("management");
    }

    private static boolean opens(JsonNode container, String name, int number) {
        return container
                .path("ports")
                .valueStream()
                .anyMatch(port -> port.path("name").asText().equals(name)
                        && port.path("containerPort").asInt() == number);
    }

    static Stream<String> missingSpread(Build build) {
        return build.processes()
                .filter(w -> kind(w).equals("Deployment"))
                .flatMap(w -> Stream.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")
                        .filter(key -> !spreads(w, key))
                        .map(key -> w(w) + " is not spread by " + key));
    }

    private static boolean spreads(JsonNode workload, String key) {
        for (JsonNode c : pod(workload).path("topologySpreadConstraints")) {
            if (c.path("topologyKey").asText().equals(key)
                    && c.path("whenUnsatisfiable").asText().equals("ScheduleAnyway")
                    && c.path("labelSelector").equals(workload.at("/spec/selector"))) {
                return true;
            }
        }
        return false;
    }

    private static Stream<String> whereNot(Build build, Predicate<JsonNode> right, String wrong) {
        return build.workloads()
                .flatMap(w -> containers(w).stream().filter(right.negate()).map(c -> w(w) + " " + wrong));
    }

    static String w(ObjectNode document) {
        return kind(document) + " " + name(document);
    }
}
