package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.CutText;
import dev.sluice.table.Pieces;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of the beginning of a source there are the records that end in it, wherever it is cut. */
class CsvReaderBeginningTest {
    @Provide
    Arbitrary<CutText> texts() {
        return CutText.any();
    }

    @Property(tries = 200)
    void thereAreTheRecordsThatEndInIt(@ForAll("texts") CutText text) {
        for (int cut = text.headerEnd(); cut <= text.bytes().length; cut++) {
            byte[] beginning = Arrays.copyOf(text.bytes(), cut);
            Reading expected = Reading.of(Pieces.whole(text.complete(cut)));

            assertThat(Reading.ofBeginning(Pieces.whole(beginning))).isEqualTo(expected);
            assertThat(Reading.ofBeginning(Pieces.ofSize(beginning, 1))).isEqualTo(expected);
        }
    }

    @Property(tries = 50)
    void headerThatDoesNotEndInItIsRefused(@ForAll("texts") CutText text) {
        for (int cut = 0; cut < text.headerEnd(); cut++) {
            byte[] beginning = Arrays.copyOf(text.bytes(), cut);
            ErrorCode expected = cut == 0 ? ErrorCode.BODY_EMPTY : ErrorCode.HEADER_INVALID;

            assertThatThrownBy(() -> Reading.ofBeginning(Pieces.whole(beginning)))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo(expected));
        }
    }

    /** Batches end where they hold as many bytes, as many fields, or have kept out as many records, as they may. */
    @ParameterizedTest
    @ValueSource(strings = {"1,2\n", "some text,and some more of it\n", "1\n"})
    void recordsBeforeOneThatIsCutAreThereWhereverABatchEnds(String record) {
        int[] ends = {8 * 1024, 24 * 1024, 32 * 1024, 48 * 1024, 64 * 1024, RecordBatch.CAPACITY / record.length()};
        for (int end : ends) {
            for (int records = end - 3; records <= end + 3; records++) {
                String text = "a,b\n" + record.repeat(records) + "3,\"cut\n";

                Reading found = Reading.ofBeginning(Pieces.whole(text.getBytes(UTF_8)));

                assertThat(found.records().size() + found.rejects().size()).isEqualTo(records);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, RecordBatch.CAPACITY - 6, RecordBatch.CAPACITY, 3 * RecordBatch.CAPACITY})
    void recordThatIsCutMayBeOfAnyLength(int length) {
        String text = "a,b\n1,2\n3,\"" + "é\n".repeat(length / 3);
        byte[] bytes = text.getBytes(UTF_8);

        for (int less = 0; less < 4; less++) {
            Reading found = Reading.ofBeginning(Pieces.whole(Arrays.copyOf(bytes, bytes.length - less)));

            assertThat(found.rows()).containsExactly(1L);
        }
    }

    @Test
    void whatIsNoTextIsRefusedInARecordThatIsCutToo() {
        byte[] bytes = {'a', ',', 'b', '\n', '1', (byte) 0xC3, 'x'};

        assertThatThrownBy(() -> Reading.ofBeginning(Pieces.whole(bytes)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
                    assertThat(e.position()).isEqualTo(new ProblemException.Position(1L, 5L, null, "1\uFFFD"));
                });
    }
}
