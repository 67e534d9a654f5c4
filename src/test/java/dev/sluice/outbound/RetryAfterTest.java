package dev.sluice.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "120 | PT2M",
                "Tue, 24 Nov 2026 10:01:30 GMT | PT1M30S",
                "Tue, 24 Nov 2026 09:00:00 GMT | PT0S"
            })
    void secondsAndDatesAreUnderstood(String value, Duration wait) {
        assertThat(RetryAfter.of(value, NOW)).isEqualTo(wait);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999"})
    void anythingElseIsAsIfItWereNotThere(String value) {
        assertThat(RetryAfter.of(value, NOW)).isNull();
    }

    @Test
    void aRangeIsReadWhereItNamesTheWhole() {
        assertThat(ByteRange.of("bytes 10-19/20")).isEqualTo(new ByteRange(10, 20));
        assertThat(ByteRange.of("bytes 10-19/*")).isNull();
        assertThat(ByteRange.of("bytes */20")).isNull();
        assertThat(ByteRange.of(null)).isNull();
    }
}
