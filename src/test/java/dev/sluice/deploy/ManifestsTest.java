package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every overlay and every combination builds, into documents that the APIs know every field of. */
class ManifestsTest {
    @BeforeAll
    static void needsKubectl() {
        assumeTrue(Kustomize.isInstalled(), "there is no kubectl");
    }

    static List<Build> everything() {
        return Kustomize.everything();
    }

    @ParameterizedTest
    @MethodSource("everything")
    void everyDocumentHasOnlyFieldsThatItsKindHas(Build build) {
        for (ObjectNode document : build.documents()) {
            assertThatCode(() -> Models.check(document))
                    .as("%s of %s", PodRules.w(document), build)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void noDocumentComesTwice(Build build) {
        assertThat(build.documents().stream().map(PodRules::w)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment, sluice-web, /spec/template/spec/containers/0, readinesProbe, {}",
        "Deployment, sluice-web, /spec/template/spec/containers/0/lifecycle/preStop/sleep, second, 5",
        "Deployment, sluice-web, /spec/template/spec, terminationGracePeriodSecond, 5",
        "Deployment, sluice-web, /spec/template/spec, terminationGracePeriodSeconds, '\"5\"'",
        "Deployment, sluice-web, /spec/template/spec, automountServiceAccountToken, '\"no\"'",
        "Deployment, sluice-web, /metadata/labels, version, 1",
        "Job, sluice-migrate, /spec/template/spec/containers/0/env/0, value, 4",
        "HorizontalPodAutoscaler, sluice-web, /spec/behavior/scaleUp, stabilisationWindowSeconds, 0",
        "PodDisruptionBudget, sluice-web, /spec, maxUnavailble, 1",
        "NetworkPolicy, sluice-deny-all, /spec, podSelectors, {}",
        "Ingress, sluice, /spec/rules/0/http/paths/0, pathTyp, Prefix",
        "HTTPRoute, sluice, /spec/rules/0/timeouts, requests, 0s",
        "PodMonitor, sluice, /spec/podMetricsEndpoints/0, intervall, 15s",
        "PrometheusRule, sluice, /spec/groups/0/rules/0, expression, up",
        "ScaledObject, sluice-worker, /spec, maxReplicas, 6",
        "ScaledObject, sluice-worker, /spec/triggers/0/metadata, targetQueryValues, '\"2\"'",
        "ScaledObject, sluice-worker, /spec/triggers/0/metadata, targetQueryValue, 2",
        "TriggerAuthentication, sluice-queue, /spec/secretTargetRef/0, secret, a",
        "PriorityClass, sluice-web, '', values, 1",
        "ServiceAccount, sluice, '', automountServiceAccountTokens, false",
        "Service, sluice, /spec, sessionAfinity, None",
        "ConfigMap, sluice-web, /data, NUMBER, 4",
    })
    void aMisspeltFieldAndAValueOfAnotherTypeFail(String kind, String name, String at, String field, String value)
            throws IOException {
        Build all = Kustomize.base("worker-keda", "gateway", "ingress", "monitoring", "network-policies", "priority");
        ObjectNode document = all.copy().get(kind, name);
        assertThatCode(() -> Models.check(document)).doesNotThrowAnyException();

        ((ObjectNode) document.at(JsonPointer.compile(at))).set(field, Models.YAML.readTree(value));

        assertThatThrownBy(() -> Models.check(document)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDocumentOfAKindWithoutAModelFails() {
        List<ObjectNode> unknown = Kustomize.documents("{apiVersion: apps/v2, kind: Deployment}");
        assertThatThrownBy(() -> Models.check(unknown.getFirst())).hasMessageContaining("apps/v2/Deployment");
    }

    @Test
    void twoAutoscalersOfWorkersDoNotBuild() {
        Path both =
                Kustomize.combination(Kustomize.NOT_TOGETHER.stream().sorted().toArray(String[]::new));
        assertThat(Kustomize.run("kustomize", both.toString()).status()).isNotZero();
    }

    @Test
    void theVersionIsThatOfTheProject() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = Pattern.compile("<artifactId>sluice</artifactId>\\s*<version>(.+)</version>")
                .matcher(pom)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        Stream<String> images = Kustomize.base()
                .processes()
                .map(w -> Build.containers(w).getFirst().path("image").asText());
        assertThat(images).hasSize(3).containsOnly("sluice:" + version);
    }

    @Test
    void whatTheReadmesCallVariablesTheProgramKnows() throws IOException {
        Pattern variable = Pattern.compile("\\bSLUICE_[A-Z_]+[A-Z]\\b");
        try (Stream<Path> files = Files.walk(Kustomize.ROOT)) {
            List<Path> texts = Stream.concat(Stream.of(Path.of("README.md")), files.filter(Files::isRegularFile))
                    .toList();
            for (Path text : texts) {
                assertThat(variable.matcher(Files.readString(text)).results().map(m -> m.group()))
                        .as("%s", text)
                        .allMatch(KnownVariables::contains);
            }
        }
    }

    @Test
    void everyComponentSaysWhatItNeeds() {
        for (String component : Kustomize.names("components")) {
            assertThat(Kustomize.ROOT.resolve("components/" + component + "/README.md"))
                    .content()
                    .startsWith("# " + component)
                    .contains("Needs ");
        }
    }

    @Test
    void theDashboardIsJson() throws IOException {
        JsonNode map = Kustomize.base("monitoring").get("ConfigMap", "sluice-dashboard");
        JsonNode dashboard =
                new ObjectMapper().readTree(map.at("/data/sluice.json").asText());
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(10);
        assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    }

    @Test
    void theReadmeHasTheSumOfConnections() throws IOException {
        int sum = SettingRules.connectionsOf(Kustomize.overlay("production"));
        assertThat(Files.readString(Kustomize.ROOT.resolve("README.md")))
                .contains("max_connections = " + SettingRules.MAX_CONNECTIONS)
                .contains("= " + sum);
    }
}
