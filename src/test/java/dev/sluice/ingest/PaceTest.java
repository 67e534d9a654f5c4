package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ingest.ProgressEvent.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void anEvenPaceTellsItsRateAndTheTimeLeft() {
        Pace pace = new Pace(0);

        pace.at(1000, 10_000L, 0, SECOND);
        ProgressEvent second = pace.at(2000, 10_000L, 10, 2 * SECOND);

        assertThat(second).isEqualTo(new ProgressEvent(2000, 10_000L, 10, 1000, 8L, Stage.loading));
    }

    @Test
    void aNewPaceTakesOverStepByStep() {
        Pace pace = new Pace(0);
        pace.at(1000, null, 0, SECOND);

        assertThat(pace.at(1000, null, 0, 2 * SECOND).bytesPerSecond()).isEqualTo(700);
        assertThat(pace.at(1000, null, 0, 3 * SECOND).bytesPerSecond()).isEqualTo(490);
    }

    @Test
    void withoutATotalOrARateNobodyKnowsWhatIsLeft() {
        assertThat(new Pace(0).at(1000, null, 0, SECOND).secondsLeft()).isNull();
        assertThat(new Pace(0).at(0, 1000L, 0, SECOND).secondsLeft()).isNull();
        assertThat(new Pace(0).at(10, 1000L, 0, 0).secondsLeft()).isNull();
    }

    @Test
    void whenEverythingIsHereNothingIsLeftButToPublish() {
        ProgressEvent all = new Pace(0).at(1000, 1000L, 10, SECOND);

        assertThat(all.stage()).isEqualTo(Stage.publishing);
        assertThat(all.secondsLeft()).isZero();
    }
}
