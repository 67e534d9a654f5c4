package dev.sluice.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What KEDA's documentation says of scaling to none and from none. */
class KedaTest {
    private final Keda keda = new Keda(2, 6);

    @Test
    void theFirstIngestMakesOneWorkerOfNone() {
        assertThat(keda.poll(0, 0, 0)).isZero();
        assertThat(keda.poll(15, 0, 40)).isEqualTo(1);
    }

    @Test
    void theAutoscalerLeavesNoWorkersAlone() {
        assertThat(keda.sync(0, 0, 40)).isZero();
    }

    @Test
    void eachWorkerHasItsTargetOfQueuedAndRunningIngestsUpToTheMost() {
        assertThat(keda.sync(0, 1, 7)).isEqualTo(4);
        assertThat(keda.sync(15, 4, 400)).isEqualTo(6);
    }

    @Test
    void theLastWorkerGoesOnceNothingWasThereForTheCooldown() {
        keda.poll(0, 1, 1);

        assertThat(keda.poll(300, 1, 0)).isEqualTo(1);
        assertThat(keda.poll(315, 1, 0)).isZero();
    }

    @Test
    void theAutoscalerItselfKeepsOne() {
        keda.sync(0, 1, 0);

        assertThat(keda.sync(1000, 1, 0)).isEqualTo(1);
    }
}
