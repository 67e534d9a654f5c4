package dev.sluice.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.JsonBody;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetPatchTest {
    private final Dataset dataset = new Dataset();

    @BeforeEach
    void create() {
        dataset.changedAt = Instant.EPOCH;
    }

    private void patch(String json) {
        DatasetPatch.of(JsonBody.parsed(json.getBytes(UTF_8))).applyTo(dataset);
    }

    @Test
    void whatIsNamedIsSetNullClearsAndTheRestStays() {
        patch("{\"title\":\"T\",\"description\":\"D\",\"keepVersions\":7}");
        patch("{\"title\":null}");
        patch("{\"keepVersions\":1000}");

        assertThat(dataset.title).isNull();
        assertThat(dataset.description).isEqualTo("D");
        assertThat(dataset.keepVersions).isEqualTo(1000);
        patch("{\"keepVersions\":null}");
        assertThat(dataset.keepVersions).isNull();
    }

    @Test
    void aChangeIsLaterThanTheOneBeforeThoughTheClockIsBehind() {
        Instant ahead = Instant.parse("2126-11-30T10:00:00Z");
        dataset.changedAt = ahead;

        patch("{\"title\":\"T\"}");

        assertThat(dataset.changedAt).isEqualTo(ahead.plus(Duration.ofNanos(1000)));
    }

    @Test
    void anEmptyPatchIsNoChange() {
        patch("{}");

        assertThat(dataset.changedAt).isEqualTo(Instant.EPOCH);
    }

    @Test
    void lengthsAreCountedInCharactersAndTheLongestFits() {
        String title = "\uD83D\uDE00".repeat(200);
        patch("{\"title\":\"" + title + "\",\"description\":\"" + "\\ud83d\\ude00".repeat(10_000) + "\"}");

        assertThat(dataset.title).isEqualTo(title);
        assertThat("{\"description\":\"" + "\\ud83d\\ude00".repeat(10_000) + "\"}")
                .hasSizeLessThan(JsonBody.MAX_BYTES);
        refused("{\"title\":\"" + "x".repeat(201) + "\"}");
        refused("{\"description\":\"" + "x".repeat(10_001) + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"title\"",
                "{",
                "{} {}",
                "{\"title\":\"a\",\"title\":\"b\"}",
                "{\"name\":\"other\"}",
                "{\"Title\":\"x\"}",
                "{\"title\":1}",
                "{\"title\":[\"x\"]}",
                "{\"title\":\"a\\u0000b\"}",
                "{\"description\":\"\\ud800\"}",
                "{\"description\":{}}",
                "{\"keepVersions\":0}",
                "{\"keepVersions\":-1}",
                "{\"keepVersions\":1001}",
                "{\"keepVersions\":4294967297}",
                "{\"keepVersions\":99999999999999999999}",
                "{\"keepVersions\":3.0}",
                "{\"keepVersions\":\"3\"}",
                "{\"keepVersions\":true}"
            })
    void whatIsNoPatchIsRefusedAsAWhole(String json) {
        refused(json);
    }

    @Test
    void whatIsNotUtf8OrTooDeepIsRefused() {
        assertThatThrownBy(
                        () -> DatasetPatch.of(JsonBody.parsed(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})))
                .isInstanceOf(ProblemException.class);
        refused("{\"title\":" + "[".repeat(100_000));
    }

    private void refused(String json) {
        assertThatThrownBy(() -> patch(json))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }
}
