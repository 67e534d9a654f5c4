package dev.sluice.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The metrics that dashboards, alerts and autoscalers may name: those that a process exposes, as {@link MetricsIT} sees. */
final class KnownMetrics {
    private static final Pattern METRIC = Pattern.compile("\\b(sluice|http_server|agroal|jvm|process)_[a-z0-9_]+");

    static final Set<String> METRICS = Set.of(
            "sluice_queue_depth",
            "sluice_queue_running",
            "sluice_queue_age",
            "sluice_worker_slots_used",
            "sluice_claim_seconds_count",
            "sluice_claim_seconds_sum",
            "sluice_claim_seconds_max",
            "sluice_retries_total",
            "sluice_lease_losses_total",
            "sluice_hand_backs_total",
            "sluice_ingests_total",
            "sluice_ingest_bytes_total",
            "sluice_ingest_rows_total",
            "sluice_ingest_stage_seconds_sum",
            "sluice_ingest_stage_seconds_count",
            "sluice_rows_cache_total",
            "http_server_requests_seconds_count",
            "http_server_requests_seconds_sum",
            "http_server_requests_seconds_max",
            "http_server_active_requests",
            "agroal_active_count",
            "agroal_awaiting_count",
            "jvm_memory_used_bytes",
            "process_cpu_usage");

    private KnownMetrics() {}

    static Stream<String> unknown(Build build) {
        return build.of("PrometheusRule", "HorizontalPodAutoscaler", "ConfigMap")
                .map(ObjectNode::toString)
                .flatMap(text -> METRIC.matcher(text).results())
                .map(MatchResult::group)
                .filter(m -> !METRICS.contains(m))
                .map(m -> "The program has no " + m);
    }
}
