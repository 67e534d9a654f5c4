package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.RejectedRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectLimitTest {
    private static final RejectedRecord FIRST = new RejectedRecord(7, null, "raw", RejectedRecord.TOO_FEW_FIELDS, 0);

    @ParameterizedTest
    @CsvSource({
        "0, 0, , true",
        "9, 1, , true",
        "1, 3, , true",
        "0, 1, , false",
        "36, 4, , true",
        "35, 4, , false",
        "0, 901, , false",
        "9000000000, 1000000000, , true",
        "9, 1, 0, false",
        "9, 0, 0, true",
        "1, 1, 0.5, true",
        "1, 2, 0.5, false",
        "0, 5, 1, true"
    })
    void loadSucceedsOnlyIfEnoughRecordsFit(long rows, long keptOut, Double share, boolean succeeds) {
        ThrowingCallable check = () -> new RejectLimit(1000, share).check(rows, keptOut, FIRST);

        if (succeeds) {
            assertThatCode(check).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(check)
                    .isInstanceOf(ProblemException.class)
                    .hasFieldOrPropertyWithValue("code", ErrorCode.TOO_FEW_ROWS_FIT)
                    .hasMessageStartingWith(keptOut + " of " + (rows + keptOut) + " records do not fit the table.");
        }
    }
}
