package dev.sluice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What kustomize made of a directory.
 *
 * @param name what it was made of
 */
record Build(String name, List<ObjectNode> documents) {
    private static final Set<String> WORKLOADS = Set.of("Deployment", "Job", "StatefulSet", "DaemonSet", "CronJob");

    @Override
    public String toString() {
        return name;
    }

    /** Another one, to be changed. */
    Build copy() {
        return new Build(name, documents.stream().map(ObjectNode::deepCopy).toList());
    }

    Stream<ObjectNode> of(String... kinds) {
        return documents.stream().filter(d -> Set.of(kinds).contains(kind(d)));
    }

    Optional<ObjectNode> find(String kind, String name) {
        return of(kind).filter(d -> name(d).startsWith(name)).findFirst();
    }

    ObjectNode get(String kind, String name) {
        return find(kind, name).orElseThrow(() -> new IllegalStateException("no " + kind + " " + name + " in " + this));
    }

    /** Deployments and Jobs, of backing services too. */
    Stream<ObjectNode> workloads() {
        return documents.stream().filter(d -> WORKLOADS.contains(kind(d)));
    }

    /** Those that run Sluice. */
    Stream<ObjectNode> processes() {
        return workloads()
                .filter(d -> d.at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                        .asText()
                        .equals("sluice"));
    }

    /** The variables of a workload, but for those from secrets. */
    Map<String, String> variables(ObjectNode workload) {
        Map<String, String> variables = new HashMap<>();
        for (JsonNode container : containers(workload)) {
            for (JsonNode from : container.path("envFrom")) {
                String map = from.at("/configMapRef/name").asText();
                of("ConfigMap")
                        .filter(d -> name(d).equals(map))
                        .forEach(d -> d.path("data")
                                .properties()
                                .forEach(e ->
                                        variables.put(e.getKey(), e.getValue().asText())));
            }
            container
                    .path("env")
                    .forEach(e -> variables.put(
                            e.path("name").asText(), e.path("value").asText()));
        }
        return variables;
    }

    /** The most there may be at once of a Deployment, by its autoscaler if it has one. */
    int most(ObjectNode workload) {
        return autoscaler(workload)
                .map(a -> a.at("/spec/maxReplicas")
                        .asInt(a.at("/spec/maxReplicaCount").asInt()))
                .orElse(workload.at("/spec/replicas").asInt(1));
    }

    Optional<ObjectNode> autoscaler(ObjectNode workload) {
        return of("HorizontalPodAutoscaler", "ScaledObject")
                .filter(a -> a.at("/spec/scaleTargetRef/name").asText().equals(name(workload)))
                .findFirst();
    }

    static String kind(JsonNode document) {
        return document.path("kind").asText();
    }

    static String name(JsonNode document) {
        return document.at("/metadata/name").asText();
    }

    static String role(JsonNode workload) {
        return workload.at("/spec/template/metadata/labels/app.kubernetes.io~1component")
                .asText();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static List<JsonNode> containers(JsonNode workload) {
        return Stream.of("containers", "initContainers")
                .flatMap(list -> StreamSupport.stream(pod(workload).path(list).spliterator(), false))
                .toList();
    }
}
