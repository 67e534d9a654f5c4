package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AnswersIT {
    @Test
    void aProcessThatHasDoneNothingExposesEachResultAsZero() {
        try (Service web = Service.start("web", Servers.migratedDatabase()).awaitReady()) {
            assertThat(web.management().get("/q/metrics").body().lines().toList())
                    .containsAll(Stream.of(Answers.Result.values())
                            .map(result -> "sluice_rows_cache_total{result=\"%s\"} 0.0".formatted(result.label()))
                            .toList());
        }
    }
}
