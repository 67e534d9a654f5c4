package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionTest {
    private static final String ETAG = "\"1-2\"";

    private static List<String> tags(String list) {
        return list == null ? null : Precondition.tags("If-Match", list);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                  |             | true  | true",
                "*                 |             | true  | false",
                "\"1-2\"           |             | true  | false",
                "\"0\" , ,\"1-2\", |             | true  | false",
                "\"1\",\"*\"       |             | false | false",
                "W/\"1-2\"         |             | false | false",
                "\"a,b\"           |             | false | false",
                "``                |             | false | false",
                "                  | *           | false | true",
                "                  | \"1-2\"     | false | true",
                "                  | W/\"1-2\"   | false | true",
                "                  | \"0\"       | true  | true",
                "                  | ``          | true  | true",
                "*                 | *           | false | false",
                "\"1-2\"           | \"0\"       | true  | false",
            })
    void aStateIsComparedAsTheRfcSays(
            String ifMatch, String ifNoneMatch, boolean holdsOfTheState, boolean holdsOfNothing) {
        Precondition precondition = new Precondition(tags(ifMatch), tags(ifNoneMatch));

        assertHolds(precondition, ETAG, holdsOfTheState);
        assertHolds(precondition, null, holdsOfNothing);
    }

    private static void assertHolds(Precondition precondition, String etag, boolean expected) {
        if (expected) {
            assertThatCode(() -> precondition.check(etag)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> precondition.check(etag))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"1",
                "1\"",
                "'1'",
                "\"1\" \"2\"",
                "*,\"1\"",
                "\"1\",*",
                "w/\"1\"",
                "W/",
                "\"1\"x",
                "\"a b\"",
                "\u0000"
            })
    void whatIsNoListOfTagsIsRefused(String list) {
        assertThatThrownBy(() -> tags(list))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }

    @Test
    void aLongListIsRead() {
        assertThat(tags("\"x\",".repeat(100_000))).hasSize(100_000);
    }
}
