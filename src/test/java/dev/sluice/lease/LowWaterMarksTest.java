package dev.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lease.LowWaterMarks.Start;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LowWaterMarksTest {
    private static final OffsetDateTime DUE = OffsetDateTime.parse("2026-01-01T00:00:05Z");
    private static final OffsetDateTime AT = DUE.plusMinutes(1);

    private long now;
    private final LowWaterMarks marks = new LowWaterMarks(() -> now);

    @Test
    void theFirstClaimLooksFromTheFrontAndTheNextFromALittleBeforeWhatTheLastOneSaw() {
        assertThat(marks.next()).isEqualTo(LowWaterMarks.FRONT);

        marks.saw(Map.of("a", DUE, "b", DUE.plusSeconds(7)), AT);

        Start next = new Start(Map.of("a", DUE.minusSeconds(1), "b", DUE.plusSeconds(6)), AT.minusSeconds(1));
        assertThat(marks.next()).isEqualTo(next);
        assertThat(marks.next()).isEqualTo(next);
    }

    @Test
    void aPartyWithoutDueJobsIsLookedForAmongTheOthers() {
        marks.next();
        marks.saw(Map.of("a", DUE), AT);
        marks.saw(Map.of(), AT.plusSeconds(9));

        assertThat(marks.next()).isEqualTo(new Start(Map.of(), AT.plusSeconds(8)));
    }

    @Test
    void whatWasLeftBehindIsLookedForAgainEvenIfSomethingIsFoundEveryTime() {
        marks.next();
        marks.saw(Map.of("a", DUE), AT);
        now += LowWaterMarks.FROM_THE_FRONT.toNanos() - 1;
        assertThat(marks.next()).isNotEqualTo(LowWaterMarks.FRONT);
        marks.saw(Map.of("a", DUE.plusSeconds(9)), AT);

        now += 1;

        assertThat(marks.next()).isEqualTo(LowWaterMarks.FRONT);
        assertThat(marks.next().parties()).isEqualTo(Map.of("a", DUE.plusSeconds(8)));
    }

    @Test
    void findingWhatWasLeftBehindMovesTheMarkBack() {
        marks.next();
        marks.saw(Map.of("a", DUE), AT);
        marks.saw(Map.of("a", DUE.minusHours(1)), AT);

        assertThat(marks.next().parties())
                .isEqualTo(Map.of("a", DUE.minusHours(1).minus(LowWaterMarks.SLACK)));
    }
}
