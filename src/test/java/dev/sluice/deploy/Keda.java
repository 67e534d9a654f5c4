package dev.sluice.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * KEDA's kinds as far as they are used here, by its custom resource definitions ({@code config/crd/bases} of kedacore/keda, 2.18)
 * and the pages of its scalers <a href="https://keda.sh/docs/latest/scalers/postgresql/">postgresql</a> and
 * <a href="https://keda.sh/docs/latest/scalers/cron/">cron</a>.
 */
final class Keda {
    private static final Map<String, Set<String>> REQUIRED = Map.of(
            "postgresql",
            Set.of("query", "targetQueryValue"),
            "cron",
            Set.of("timezone", "start", "end", "desiredReplicas"));

    private static final Map<String, Set<String>> OPTIONAL = Map.of(
            "postgresql",
            Set.of(
                    "activationTargetQueryValue",
                    "connectionFromEnv",
                    "host",
                    "port",
                    "userName",
                    "passwordFromEnv",
                    "dbName",
                    "sslmode"),
            "cron",
            Set.of());

    private Keda() {}

    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {}

    record Spec(
            ScaleTargetRef scaleTargetRef,
            Integer pollingInterval,
            Integer cooldownPeriod,
            Integer initialCooldownPeriod,
            Integer idleReplicaCount,
            Integer minReplicaCount,
            Integer maxReplicaCount,
            Fallback fallback,
            Advanced advanced,
            List<Trigger> triggers) {
        Spec {
            Objects.requireNonNull(scaleTargetRef, "scaleTargetRef");
            Objects.requireNonNull(triggers, "triggers");
        }
    }

    record ScaleTargetRef(String apiVersion, String kind, String name, String envSourceContainerName) {
        ScaleTargetRef {
            Objects.requireNonNull(name, "name");
        }
    }

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(Boolean restoreToOriginalReplicaCount, HpaConfig horizontalPodAutoscalerConfig) {}

    record HpaConfig(String name, HorizontalPodAutoscalerBehavior behavior) {}

    record Trigger(
            String type,
            String name,
            Map<String, String> metadata,
            @JsonProperty("authenticationRef") Reference authentication,
            Boolean useCachedMetrics,
            String metricType) {
        Trigger {
            if (!REQUIRED.containsKey(type)) {
                throw new IllegalArgumentException("The scaler " + type + " is not known here");
            }
            if (!metadata.keySet().containsAll(REQUIRED.get(type))) {
                throw new IllegalArgumentException(type + " needs " + REQUIRED.get(type));
            }
            for (String key : metadata.keySet()) {
                if (!REQUIRED.get(type).contains(key) && !OPTIONAL.get(type).contains(key)) {
                    throw new IllegalArgumentException(type + " has no " + key);
                }
            }
        }
    }

    record Reference(String name, String kind) {}

    record TriggerAuthentication(String apiVersion, String kind, ObjectMeta metadata, Secrets spec) {}

    record Secrets(List<SecretTargetRef> secretTargetRef) {}

    record SecretTargetRef(String parameter, String name, String key) {
        SecretTargetRef {
            Objects.requireNonNull(parameter, "parameter");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(key, "key");
        }
    }
}
