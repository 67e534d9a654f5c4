package dev.sluice.deploy;

import static dev.sluice.deploy.Build.kind;
import static dev.sluice.deploy.PodRules.w;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Rules of what is around the pods; each yields what breaks it. */
final class ClusterRules {
    private static final Pattern AFFINE = Pattern.compile(".*(affinity|session-cookie|upstream-hash-by|sticky).*");

    private static final Set<String> SPECIAL_6 = Set.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /** What may not be reached with all addresses of a family: what {@code SpecialNetworks} refuses. */
    private static final Map<String, Set<String>> PRIVATE = Map.of(
            "0.0.0.0/0",
            Set.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "168.63.129.16/32",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4"),
            "2000::/3",
            SPECIAL_6,
            "::/0",
            Set.of("::/3", "4000::/2", "8000::/1"));

    private ClusterRules() {}

    static Stream<String> unscaledWeb(Build build) {
        boolean scaled = build.of("HorizontalPodAutoscaler")
                .anyMatch(a -> a.at("/spec/scaleTargetRef/name").asText().equals("sluice-web")
                        && a.at("/spec/metrics/0/resource/name").asText().equals("cpu")
                        && a.at("/spec/behavior/scaleUp").has("stabilizationWindowSeconds")
                        && a.at("/spec/behavior/scaleUp").has("policies")
                        && a.at("/spec/behavior/scaleDown").has("stabilizationWindowSeconds")
                        && a.at("/spec/behavior/scaleDown").has("policies"));
        return scaled ? Stream.empty() : Stream.of("web is not scaled by its CPU, or not said how");
    }

    static Stream<String> replicas(Build build) {
        return build.workloads()
                .filter(w -> kind(w).equals("Deployment"))
                .filter(w -> build.autoscaler(w).isPresent() == w.path("spec").has("replicas"))
                .map(w -> w(w) + " has both an autoscaler and replicas, or neither");
    }

    static Stream<String> unlimitedDisruptions(Build build) {
        return build.processes()
                .filter(w -> kind(w).equals("Deployment"))
                .filter(w -> build.of("PodDisruptionBudget")
                        .noneMatch(b -> b.at("/spec/selector").equals(w.at("/spec/selector"))))
                .map(w -> w(w) + " has no disruption budget");
    }

    static Stream<String> affinities(Build build) {
        Stream<String> services = build.of("Service")
                .filter(s -> !s.at("/spec/sessionAffinity").asText("None").equals("None"))
                .map(s -> w(s) + " binds clients");
        Stream<String> annotated = build.documents().stream()
                .filter(d -> Set.of("Ingress", "Service", "HTTPRoute").contains(kind(d)))
                .flatMap(d -> d.at("/metadata/annotations").properties().stream()
                        .filter(a -> AFFINE.matcher(a.getKey()).matches())
                        .map(a -> w(d) + " binds clients by " + a.getKey()));
        Stream<String> routes = build.of("HTTPRoute")
                .filter(r -> !r.findValues("sessionPersistence").isEmpty())
                .map(r -> w(r) + " binds clients");
        return Stream.of(services, annotated, routes).flatMap(s -> s);
    }

    static Stream<String> egress(Build build) {
        Stream<String> anywhere = build.of("NetworkPolicy")
                .filter(policy -> StreamSupport.stream(policy.at("/spec/egress").spliterator(), false)
                        .anyMatch(rule -> rule.path("to").isEmpty()))
                .map(policy -> w(policy) + " lets everything out by some port");
        Stream<String> blocks = build.of("NetworkPolicy")
                .flatMap(policy -> policy.at("/spec/egress").findValues("ipBlock").stream()
                        .filter(block -> PRIVATE.containsKey(block.path("cidr").asText()))
                        .filter(block -> !policy.at("/spec/podSelector/matchLabels/app.kubernetes.io~1component")
                                        .asText()
                                        .equals("worker")
                                || !excepted(block)
                                        .containsAll(
                                                PRIVATE.get(block.path("cidr").asText())))
                        .map(block -> w(policy) + " lets too much out to "
                                + block.path("cidr").asText()));
        return Stream.concat(anywhere, blocks);
    }

    private static Set<String> excepted(JsonNode block) {
        Set<String> excepted = new TreeSet<>();
        StreamSupport.stream(block.path("except").spliterator(), false)
                .map(JsonNode::asText)
                .forEach(excepted::add);
        return excepted;
    }

    static Stream<String> unrestrictedNamespaces(Build build) {
        return build.of("Namespace")
                .filter(n -> !n.at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .asText()
                        .equals("restricted"))
                .map(n -> w(n) + " enforces no pod security");
    }
}
