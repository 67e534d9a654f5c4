package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every overlay and every combination keeps every policy, and every policy can be broken. */
class PoliciesTest {
    private static final String POD = "/spec/template/spec";
    private static final String CONTAINER = POD + "/containers/0";

    @BeforeAll
    static void needsKubectl() {
        assumeTrue(Kustomize.isInstalled(), "there is no kubectl");
    }

    @ParameterizedTest
    @EnumSource
    void isKeptByEveryBuild(Policy policy) {
        for (Build build : Kustomize.everything()) {
            assertThat(policy.breaches(build)).as("%s in %s", policy, build).isEmpty();
        }
    }

    /**
     * A change that breaks a policy: a value, as YAML, where a document has or could have one; nothing takes away what is there.
     */
    record Breach(Policy policy, String kind, String name, String at, String value) {
        Build in(Build build) throws IOException {
            Build copy = build.copy();
            ObjectNode document = copy.get(kind, name);
            JsonPointer pointer = JsonPointer.compile(at);
            String last = pointer.last().getMatchingProperty();
            if (document.at(pointer.head()) instanceof ArrayNode array) {
                array.set(pointer.last().getMatchingIndex(), Models.YAML.readTree(value));
            } else if (value.isEmpty()) {
                ((ObjectNode) document.at(pointer.head())).remove(last);
            } else {
                document.withObject(pointer.head()).set(last, Models.YAML.readTree(value));
            }
            return copy;
        }
    }

    static List<Breach> breaches() {
        return List.of(
                web(Policy.NO_VOLUME, POD + "/volumes", "[{name: a, emptyDir: {}}]"),
                web(Policy.NO_VOLUME, CONTAINER + "/volumeMounts", "[{name: a, mountPath: /a}]"),
                web(Policy.READ_ONLY_ROOT, CONTAINER + "/securityContext/readOnlyRootFilesystem", "false"),
                web(Policy.NO_ROOT_USER, POD + "/securityContext/runAsNonRoot", ""),
                web(Policy.NO_ROOT_USER, POD + "/securityContext/runAsUser", "0"),
                web(Policy.NO_ROOT_USER, CONTAINER + "/securityContext/runAsUser", "0"),
                web(Policy.NO_PRIVILEGES, CONTAINER + "/securityContext/allowPrivilegeEscalation", ""),
                web(Policy.NO_PRIVILEGES, CONTAINER + "/securityContext/capabilities/drop", "[CHOWN]"),
                web(Policy.NO_PRIVILEGES, CONTAINER + "/securityContext/capabilities/add", "[CHOWN]"),
                web(Policy.NO_PRIVILEGES, POD + "/securityContext/seccompProfile/type", "Unconfined"),
                web(Policy.NO_PRIVILEGES, POD + "/hostNetwork", "true"),
                web(Policy.NO_SERVICE_ACCOUNT_TOKEN, POD + "/automountServiceAccountToken", ""),
                new Breach(
                        Policy.NO_SERVICE_ACCOUNT_TOKEN,
                        "ServiceAccount",
                        "sluice",
                        "/automountServiceAccountToken",
                        ""),
                web(Policy.NO_SERVICE_LINKS, POD + "/enableServiceLinks", ""),
                web(Policy.MEMORY_AS_MEASURED, CONTAINER + "/resources/limits/memory", "320Mi"),
                web(Policy.MEMORY_AS_MEASURED, CONTAINER + "/resources/limits/memory", ""),
                web(Policy.IMAGE_PINNED, CONTAINER + "/image", "sluice"),
                web(Policy.IMAGE_PINNED, CONTAINER + "/image", "'registry.example.com:5000/sluice:latest'"),
                web(Policy.PROBED, CONTAINER + "/startupProbe", ""),
                web(Policy.PROBED, CONTAINER + "/livenessProbe/httpGet/path", "/q/health/ready"),
                web(Policy.PROBED, CONTAINER + "/ports/0/containerPort", "8081"),
                web(Policy.PROBED, CONTAINER + "/ports/1/containerPort", "8080"),
                web(Policy.PROBED, CONTAINER + "/livenessProbe/httpGet/port", "http"),
                web(Policy.SPREAD, POD + "/topologySpreadConstraints/1/topologyKey", "kubernetes.io/hostname"),
                web(Policy.ONLY_KNOWN_VARIABLES, CONTAINER + "/env", "[{name: SLUICE_UPLOAD_SLOT, value: '4'}]"),
                new Breach(Policy.ONLY_KNOWN_VARIABLES, "ConfigMap", "sluice-web", "/data/SLUICE_PORT", "'80'"),
                new Breach(
                        Policy.SECRETS_BY_REFERENCE,
                        "ConfigMap",
                        "sluice-web",
                        "/data/QUARKUS_REDIS_HOSTS",
                        "redis://a"),
                web(Policy.SECRETS_BY_REFERENCE, CONTAINER + "/env", "[{name: QUARKUS_DATASOURCE_PASSWORD, value: a}]"),
                web(Policy.SECRETS_BY_REFERENCE, "/kind", "Secret"),
                web(Policy.BOOTSTRAP_KEY_OF_WEB_ALONE, CONTAINER + "/envFrom/2/secretRef/name", "sluice"),
                new Breach(
                        Policy.BOOTSTRAP_KEY_OF_WEB_ALONE,
                        "Deployment",
                        "sluice-worker",
                        CONTAINER + "/envFrom/1/secretRef/name",
                        "sluice-bootstrap-key"),
                new Breach(
                        Policy.BOOTSTRAP_KEY_OF_WEB_ALONE,
                        "Job",
                        "sluice-migrate",
                        CONTAINER + "/env/0",
                        "{name: SLUICE_ACCESS_BOOTSTRAP_KEY, valueFrom: {secretKeyRef: {name: a, key: b}}}"),
                new Breach(
                        Policy.BOOTSTRAP_KEY_OF_WEB_ALONE,
                        "Secret",
                        "sluice-backing-services",
                        "/data/SLUICE_ACCESS_BOOTSTRAP_KEY",
                        "YQ=="),
                new Breach(Policy.JOB_NAMED_BY_VERSION, "Job", "sluice-migrate", "/metadata/name", "sluice-migrate"),
                new Breach(
                        Policy.JOB_NAMED_BY_VERSION, "Job", "sluice-migrate", CONTAINER + "/image", "'sluice:0.2.0'"),
                web(Policy.GRACE_COVERS_SHUTDOWN, POD + "/terminationGracePeriodSeconds", "75"),
                new Breach(
                        Policy.GRACE_COVERS_SHUTDOWN, "ConfigMap", "sluice-worker", "/data/SLUICE_WORKER_GRACE", "60m"),
                new Breach(
                        Policy.SLOTS_FIT_POOLS,
                        "ConfigMap",
                        "sluice-web",
                        "/data/QUARKUS_DATASOURCE_JDBC_MAX_SIZE",
                        "'2'"),
                new Breach(Policy.SLOTS_FIT_POOLS, "ConfigMap", "sluice-web", "/data/SLUICE_QUERY_EXPORTS", ""),
                new Breach(Policy.SLOTS_FIT_POOLS, "ConfigMap", "sluice-worker", "/data/SLUICE_WORKER_SLOTS", ""),
                new Breach(
                        Policy.SLOTS_FIT_POOLS,
                        "ScaledObject",
                        "sluice-worker",
                        "/spec/triggers/0/metadata/targetQueryValue",
                        "'4'"),
                new Breach(
                        Policy.CONNECTIONS_SUFFICE,
                        "ConfigMap",
                        "sluice-web",
                        "/data/QUARKUS_DATASOURCE_READER_JDBC_MAX_SIZE",
                        ""),
                new Breach(Policy.CONNECTIONS_SUFFICE, "ConfigMap", "sluice-web", "/data/SLUICE_UPLOAD_SLOTS", ""),
                new Breach(
                        Policy.CONNECTIONS_SUFFICE, "HorizontalPodAutoscaler", "sluice-web", "/spec/maxReplicas", "21"),
                web(Policy.CONNECTIONS_SUFFICE, POD + "/terminationGracePeriodSeconds", "181"),
                new Breach(Policy.CONNECTIONS_SUFFICE, "ScaledObject", "sluice-worker", "/spec/maxReplicaCount", "7"),
                new Breach(Policy.WEB_IS_AUTOSCALED, "HorizontalPodAutoscaler", "sluice-web", "/kind", "Other"),
                new Breach(
                        Policy.WEB_IS_AUTOSCALED,
                        "HorizontalPodAutoscaler",
                        "sluice-web",
                        "/spec/behavior/scaleDown/policies",
                        ""),
                web(Policy.REPLICAS_HAVE_ONE_OWNER, "/spec/replicas", "2"),
                new Breach(Policy.REPLICAS_HAVE_ONE_OWNER, "ScaledObject", "sluice-worker", "/kind", "Other"),
                new Breach(Policy.DISRUPTIONS_ARE_LIMITED, "PodDisruptionBudget", "sluice-worker", "/kind", "Other"),
                new Breach(Policy.NO_CLIENT_AFFINITY, "Service", "sluice", "/spec/sessionAffinity", "ClientIP"),
                new Breach(
                        Policy.NO_CLIENT_AFFINITY,
                        "Ingress",
                        "sluice",
                        "/metadata/annotations/nginx.ingress.kubernetes.io~1affinity",
                        "cookie"),
                new Breach(
                        Policy.NO_CLIENT_AFFINITY,
                        "HTTPRoute",
                        "sluice",
                        "/spec/rules/0/sessionPersistence",
                        "{type: Cookie}"),
                new Breach(
                        Policy.ONLY_WORKERS_REACH_OUT,
                        "NetworkPolicy",
                        "sluice-worker-to-sources",
                        "/spec/egress/0/to/0/ipBlock/except",
                        "[10.0.0.0/8]"),
                new Breach(
                        Policy.ONLY_WORKERS_REACH_OUT,
                        "NetworkPolicy",
                        "sluice-to-backing-services",
                        "/spec/egress/0/to",
                        ""),
                new Breach(
                        Policy.ONLY_WORKERS_REACH_OUT,
                        "NetworkPolicy",
                        "sluice-worker-to-sources",
                        "/spec/podSelector",
                        "{}"),
                new Breach(
                        Policy.NAMESPACES_ARE_RESTRICTED,
                        "Namespace",
                        "sluice",
                        "/metadata/labels/pod-security.kubernetes.io~1enforce",
                        "baseline"));
    }

    private static Breach web(Policy policy, String at, String value) {
        return new Breach(policy, "Deployment", "sluice-web", at, value);
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void isBrokenBy(Breach breach) throws IOException {
        Build kept = Stream.of(Kustomize.overlay("production"), Kustomize.base("gateway"), Kustomize.overlay("dev"))
                .filter(b -> b.find(breach.kind, breach.name).isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(breach.policy.breaches(kept)).isEmpty();

        assertThat(breach.policy.breaches(breach.in(kept))).isNotEmpty();
    }

    @Test
    void everyPolicyIsBrokenBySomething() {
        assertThat(breaches().stream().map(Breach::policy)).contains(Policy.values());
    }
}
