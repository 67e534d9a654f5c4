package dev.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class LowWaterMarkTest {
    private static final OffsetDateTime DUE = OffsetDateTime.parse("2026-01-01T00:00:05Z");

    private long now;
    private final LowWaterMark mark = new LowWaterMark(() -> now);

    @Test
    void theFirstClaimLooksFromTheFrontAndTheNextFromALittleBeforeWhatWasFoundLast() {
        assertThat(mark.start()).isEqualTo(OffsetDateTime.MIN);
        mark.found(DUE);

        assertThat(mark.start()).isEqualTo(DUE.minus(LowWaterMark.SLACK));
        assertThat(mark.start()).isEqualTo(DUE.minus(LowWaterMark.SLACK));
    }

    @Test
    void whatWasLeftBehindIsLookedForAgainEvenIfSomethingIsFoundEveryTime() {
        mark.start();
        mark.found(DUE);
        now += LowWaterMark.FROM_THE_FRONT.toNanos() - 1;
        assertThat(mark.start()).isNotEqualTo(OffsetDateTime.MIN);
        mark.found(DUE.plusSeconds(9));

        now += 1;

        assertThat(mark.start()).isEqualTo(OffsetDateTime.MIN);
        assertThat(mark.start()).isEqualTo(DUE.plusSeconds(8));
    }

    @Test
    void findingWhatWasLeftBehindMovesTheMarkBack() {
        mark.start();
        mark.found(DUE);
        mark.found(DUE.minusHours(1));

        assertThat(mark.start()).isEqualTo(DUE.minusHours(1).minus(LowWaterMark.SLACK));
    }
}
