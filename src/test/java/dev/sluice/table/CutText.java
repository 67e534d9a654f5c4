package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/**
 * A table of two columns of which it is known where records end, because it was put together from them.
 *
 * @param lines the header and the records, each with the end of its line
 */
public record CutText(List<String> lines) {
    private static final List<String> LINE_ENDS = List.of("\n", "\r\n", "\r");

    /** Any such: some records have fields too few or too many. */
    public static Arbitrary<CutText> any() {
        Arbitrary<String> record = Arbitraries.of(1, 2, 2, 2, 2, 2, 3)
                .flatMap(fields -> cell().list().ofSize(fields))
                .map(cells -> cells.equals(List.of("")) ? "\"\"" : String.join(",", cells)); // no empty line
        Arbitrary<List<String>> lines =
                record.flatMap(r -> lineEnd().map(end -> r + end)).list().ofMaxSize(8);
        return lines.flatMap(all -> lineEnd().map(end -> of("é,\"b\n\"" + end, all)));
    }

    private static CutText of(String header, List<String> records) {
        List<String> lines = new ArrayList<>(List.of(header));
        lines.addAll(records);
        return new CutText(lines);
    }

    private static Arbitrary<String> lineEnd() {
        return Arbitraries.of(LINE_ENDS);
    }

    private static Arbitrary<String> cell() {
        Arbitrary<String> parts = Arbitraries.of("a", ",", "\"", "\r", "\n", "\r\n", " ", "é", "東", "💧", "\t")
                .list()
                .ofMaxSize(5)
                .map(all -> String.join("", all));
        return Arbitraries.frequencyOf(
                Tuple.of(3, parts.map(text -> '"' + text.replace("\"", "\"\"") + '"')),
                Tuple.of(2, parts.map(text -> text.replaceAll("[,\"\r\n]", ""))),
                Tuple.of(3, Arbitraries.of("1", "-2.50", "2024-01-31", "NA", "", "true", "007")),
                Tuple.of(1, Arbitraries.just("\"a\"b")));
    }

    public byte[] bytes() {
        return String.join("", lines).getBytes(UTF_8);
    }

    /** Where a beginning that has the header ends at the earliest. */
    public int headerEnd() {
        return end(1);
    }

    /** Where so many lines end: behind the first character of the last one's end, as a second adds nothing. */
    private int end(int count) {
        String text = String.join("", lines.subList(0, count));
        return text.getBytes(UTF_8).length - (text.endsWith("\r\n") ? 1 : 0);
    }

    /** The records that end in so many bytes, and nothing else. */
    public byte[] complete(int cut) {
        int count = lines.size();
        while (end(count) > cut) {
            count--;
        }
        return Arrays.copyOf(bytes(), end(count));
    }

    @Override
    public String toString() {
        return String.join("", lines);
    }
}
