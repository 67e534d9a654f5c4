package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestMetricsIT {
    @ParameterizedTest
    @ValueSource(strings = {"web", "worker"})
    void aProcessThatHasDoneNothingExposesEachCounterAsZero(String type) {
        try (Service service = Service.start(type, Servers.migratedDatabase()).awaitReady()) {
            List<String> exposed =
                    service.management().get("/q/metrics").body().lines().toList();

            assertThat(exposed)
                    .contains(
                            "sluice_retries_total 0.0",
                            "sluice_lease_losses_total 0.0",
                            "sluice_hand_backs_total 0.0",
                            "sluice_claim_seconds_count 0.0")
                    .containsAll(ended().toList())
                    .containsAll(stages().toList());
        }
    }

    private static Stream<String> ended() {
        return Stream.of("sluice_ingests_total", "sluice_ingest_bytes_total", "sluice_ingest_rows_total")
                .flatMap(name -> Stream.of(IngestState.values())
                        .filter(IngestState::isFinal)
                        .map(outcome -> "%s{outcome=\"%s\"} 0.0".formatted(name, outcome)));
    }

    private static Stream<String> stages() {
        return Stream.of(Stage.values())
                .flatMap(stage -> Stream.of(Stages.Outcome.values())
                        .map(outcome -> "sluice_ingest_stage_seconds_count{outcome=\"%s\",stage=\"%s\"} 0.0"
                                .formatted(outcome.label(), stage.label())));
    }
}
