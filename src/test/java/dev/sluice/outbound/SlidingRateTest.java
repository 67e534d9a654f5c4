package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlidingRateTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEAST = 16 * 1024;
    private static final int WINDOW = 20;

    private final SlidingRate rate = new SlidingRate(LEAST, Duration.ofSeconds(WINDOW));

    @Test
    void bytesThatCameFastDoNotPayForATrickle() {
        for (int i = 0; i < 1_400; i++) {
            assertThat(rate.keeps(MILLISECOND, 1_000_000)).isTrue();
        }

        int seconds = 1;
        while (rate.keeps(SECOND, 1)) {
            seconds++;
            assertThat(seconds).isLessThanOrEqualTo(WINDOW + 2);
        }

        assertThat(seconds).isGreaterThanOrEqualTo(WINDOW);
        assertThat(rate).asString().contains("the least is 16384 a second");
    }

    @Test
    void aFastSourceMayPauseForLessThanTheWindow() {
        for (int pause = 0; pause < 10; pause++) {
            assertThat(rate.keeps(10 * MILLISECOND, LEAST * 2 * WINDOW)).isTrue();

            assertThat(rate.keeps(WINDOW * SECOND - 10 * MILLISECOND, 1)).isTrue();
        }
    }

    @Test
    void aSourceThatIsSlowFromTheBeginningHasTheWindow() {
        for (int second = 1; second < WINDOW; second++) {
            assertThat(rate.keeps(SECOND, 1)).isTrue();
        }

        assertThat(rate.keeps(SECOND, 1)).isFalse();
    }

    @Test
    void aWaitThatIsLongerThanTheWindowCountsAsAWhole() {
        SlidingRate brief = new SlidingRate(LEAST, Duration.ofMillis(100));

        assertThat(brief.keeps(3 * SECOND, 3 * LEAST)).isTrue();
        assertThat(brief.keeps(3 * SECOND, 3 * LEAST - 1)).isFalse();
    }

    /** Each read brings what its own wait demands, or more. */
    @Property(tries = 300)
    void aSourceThatKeepsTheRateIsNeverTooSlow(
            @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 45_000) Long> waits,
            @ForAll @IntRange(max = 3) int surplus) {
        SlidingRate even = new SlidingRate(LEAST, Duration.ofSeconds(WINDOW));

        for (long millis : waits) {
            assertThat(even.keeps(millis * MILLISECOND, (millis * LEAST + 999) / 1000 * (1 + surplus)))
                    .isTrue();
        }
    }

    @Property(tries = 300)
    void aSourceThatFallsBelowTheRateIsTooSlowAfterTheWindowWhateverItSentBefore(
            @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 1_000) Long> waits,
            @ForAll @IntRange(max = 90) int percent) {
        SlidingRate falling = new SlidingRate(LEAST, Duration.ofSeconds(WINDOW));
        waits.forEach(millis ->
                assertThat(falling.keeps(millis * MILLISECOND, 100 * LEAST)).isTrue());

        boolean keeps = true;
        for (int tenths = 0; tenths <= 10 * (WINDOW + 2) && keeps; tenths++) {
            keeps = falling.keeps(SECOND / 10, LEAST * percent / 1000);
        }

        assertThat(keeps).isFalse();
    }
}
