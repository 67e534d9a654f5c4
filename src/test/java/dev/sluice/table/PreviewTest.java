package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.type.ColumnTyper;
import dev.sluice.table.type.TypeOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PreviewTest {
    private static Preview of(String text, String types) throws IOException {
        CsvReader reader = CsvReader.open(Pieces.whole(text.getBytes(UTF_8)), null, CsvOptions.unknown(1 << 20));
        return Preview.of(reader, TypeOptions.of(types, null));
    }

    private static List<String> types(Preview preview) {
        return preview.columns().stream().map(c -> c.typer().type().name()).toList();
    }

    @Provide
    Arbitrary<CutText> texts() {
        return CutText.any();
    }

    @Property(tries = 300)
    void beginningShowsWhatTheFileWouldThatEndsBehindItsLastCompleteRecord(@ForAll("texts") CutText text)
            throws IOException {
        for (int cut = text.headerEnd(); cut <= text.bytes().length; cut++) {
            byte[] beginning = Arrays.copyOf(text.bytes(), cut);
            CsvReader cutReader =
                    CsvReader.openBeginning(Pieces.whole(beginning), null, CsvOptions.of(Dialect.RFC_4180, 1 << 20));
            CsvReader reader =
                    CsvReader.open(Pieces.whole(text.complete(cut)), null, CsvOptions.of(Dialect.RFC_4180, 1 << 20));

            Preview found = Preview.of(cutReader, TypeOptions.none());

            Preview expected = Preview.of(reader, TypeOptions.none());
            assertThat(found.rows()).isEqualTo(expected.rows());
            assertThat(found.rejects()).isEqualTo(expected.rejects());
            assertThat(catalog(found)).isEqualTo(catalog(expected));
        }
    }

    private static List<List<Object>> catalog(Preview preview) {
        return preview.columns().stream()
                .map(column -> {
                    ColumnTyper typer = column.typer();
                    return Arrays.<Object>asList(column.name(), typer.type(), typer.nullToken(), typer.ruledOut());
                })
                .toList();
    }

    @Test
    void rowsAreTheFirstAndHaveTheTextsOfTheSource() throws IOException {
        Preview preview = of("a,b\n" + "007,\" x, \"\"y\"\"\"\n".repeat(30), null);

        assertThat(preview.rows()).isEqualTo(Collections.nCopies(Preview.ROWS, List.of("007", " x, \"y\"")));
    }

    @Test
    void nullIsWhatIsNullInTheTable() throws IOException {
        Preview preview = of("n,t,pinned\n1,NA,5\nNA,,x\n,\"\",\n", "pinned:bigint");

        assertThat(types(preview)).containsExactly("text", "text", "bigint");
        assertThat(preview.rows())
                .containsExactly(
                        List.of("1", "NA", "5"), Arrays.asList("NA", null, null), Arrays.asList(null, "", null));
        assertThat(preview.rejects())
                .containsExactly(new RejectedRecord(2, "pinned", "x", RejectedRecord.NOT_OF_TYPE, 0));
    }

    /** So many narrow cells that the sample does not have them all. */
    @Test
    void cellBehindTheSampleWidensAndWordsForNullAreTextThen() throws IOException {
        String numbers = "n\nNA\n" + "1\n".repeat(450_000);

        Preview before = of(numbers, null);
        Preview after = of(numbers + "x\n", null);

        assertThat(types(before)).containsExactly("bigint");
        assertThat(before.rows().getFirst()).containsExactly((String) null);
        assertThat(types(after)).containsExactly("text");
        assertThat(after.rows().getFirst()).containsExactly("NA");
        assertThat(after.columns().getFirst().typer().ruledOut().getFirst().row())
                .isEqualTo(450_002);
    }

    @Test
    void rejectsAreThoseOfTheFirstRowsWhateverIsWrongWithThem() throws IOException {
        Preview preview = of("a,b\n1,2\nx,y\n" + "1\n".repeat(30) + "z,2\n", "a:bigint,b:bigint");

        assertThat(preview.rejects()).hasSize(Preview.REJECTS);
        assertThat(preview.rejects().subList(0, 4))
                .containsExactly(
                        new RejectedRecord(2, "a", "x", RejectedRecord.NOT_OF_TYPE, 0),
                        new RejectedRecord(2, "b", "y", RejectedRecord.NOT_OF_TYPE, 0),
                        new RejectedRecord(3, null, "1", RejectedRecord.TOO_FEW_FIELDS, 0),
                        new RejectedRecord(4, null, "1", RejectedRecord.TOO_FEW_FIELDS, 0));
        assertThat(preview.rows()).hasSize(3);
    }

    @Test
    void rowTooWideForAPageIsNoRow() throws IOException {
        String header = String.join(
                ",", Stream.iterate(0, i -> i + 1).limit(1599).map(i -> "c" + i).toList());
        String wide = String.join(",", Collections.nCopies(1599, "123456789"));
        String narrow = "1" + ",".repeat(1598);

        Preview preview = of(header + "\n" + narrow + "\n" + wide + "\n" + narrow + "\n", null);

        assertThat(preview.rows()).hasSize(2).allSatisfy(row -> assertThat(row).hasSize(1599));
        assertThat(preview.rejects())
                .extracting(RejectedRecord::row, RejectedRecord::reason)
                .containsExactly(org.assertj.core.api.Assertions.tuple(2L, RejectedRecord.ROW_TOO_WIDE));
    }

    @Test
    void longCellsAreShortenedBetweenCharacters() throws IOException {
        Preview preview = of("a,b\n" + "x".repeat(10_000) + "," + "x" + "💧".repeat(5000) + "\n", null);

        assertThat(preview.rows()).containsExactly(List.of("x".repeat(200) + "…", "x" + "💧".repeat(99) + "…"));
    }
}
