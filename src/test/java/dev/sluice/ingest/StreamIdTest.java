package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {
    private static StreamId id(String text) {
        return StreamId.parse(text).orElseThrow();
    }

    @Test
    void idsAreOrderedAsNumbersAndUnsigned() {
        List<StreamId> inOrder = List.of(
                StreamId.ZERO,
                id("0-1"),
                id("9-0"),
                id("9-9"),
                id("9-10"),
                id("10-0"),
                id("9223372036854775807-0"),
                id("9223372036854775808-0"),
                id("18446744073709551615-9223372036854775808"),
                id("18446744073709551615-18446744073709551615"));

        assertThat(inOrder.reversed().stream().sorted()).isEqualTo(inOrder);
        assertThat(id("9-10").isAfter(id("9-9"))).isTrue();
        assertThat(id("9-9").isAfter(id("9-9"))).isFalse();
        assertThat(StreamId.min(id("10-0"), id("9-0"))).isEqualTo(id("9-0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-0", "1700000000000-12", "18446744073709551615-18446744073709551615"})
    void anIdIsWrittenAsItWasRead(String text) {
        assertThat(id(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "1", "1-", "-1", "1-2-3", "a-b", "+1-2", "1-*", "$", "18446744073709551616-0", "١-٢"})
    void whatIsNoIdIsNone(String text) {
        assertThat(StreamId.parse(text)).isEmpty();
    }
}
