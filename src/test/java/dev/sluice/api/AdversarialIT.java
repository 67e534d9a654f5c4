package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of a shape or size that nobody sends by accident. */
class AdversarialIT {
    /** More than the sample. */
    private static final int BEHIND_THE_SAMPLE = 2_300_000;

    /** Has PostgreSQL note whatever table it writes again, and how large that is. */
    @BeforeAll
    static void watchRewrites() {
        for (String sql : List.of(
                "CREATE TABLE public.rewritten (name text, bytes bigint)",
                """
                CREATE FUNCTION public.note_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO public.rewritten VALUES (pg_event_trigger_table_rewrite_oid()::regclass::text,
                        pg_relation_size(pg_event_trigger_table_rewrite_oid()));
                END $$""",
                "CREATE EVENT TRIGGER note_rewrite ON table_rewrite EXECUTE FUNCTION public.note_rewrite()")) {
            Sql.run(Shared.configuration(), sql);
        }
    }

    @AfterAll
    static void watchNoLonger() {
        Sql.run(Shared.configuration(), "DROP EVENT TRIGGER note_rewrite");
        Sql.run(Shared.configuration(), "DROP FUNCTION public.note_rewrite");
        Sql.run(Shared.configuration(), "DROP TABLE public.rewritten");
    }

    private static JsonPath upload(String name, String csv) {
        return Api.put(name, csv).then().statusCode(201).extract().jsonPath();
    }

    private static String header(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(",")) + "\n";
    }

    private static String row(int columns, String cell) {
        return (cell + ",").repeat(columns - 1) + cell + "\n";
    }

    /** A row of nothing but one cell. */
    private static String sparse(int columns, int column, String cell) {
        return ",".repeat(column) + cell + ",".repeat(columns - 1 - column) + "\n";
    }

    @Test
    void aQuotedEmptyCellBehindASampleOfRejectsIsAnEmptyText() {
        String name = Api.newName();
        String rejected = "x".repeat(2300) + "\n";

        Api.put(name, ("a,b\n" + rejected.repeat(950) + "\"\",1\nx,2\n").getBytes(UTF_8), Map.of("maxRejectShare", "1"))
                .then()
                .statusCode(201);

        assertThat(Api.source(name)).isEqualTo("a,b\n\"\",1\nx,2\n");
    }

    @Test
    void cellOfTenMegabytesIsRefusedWhereItsRecordBegins() {
        Refused refused = new Refused();
        String good = "a,b\n1,x\n";
        for (String cell : List.of("x".repeat(10_000_000), '"' + ",\n\"\"".repeat(2_500_000) + '"')) {
            JsonPath problem = refused.put((good + "2," + cell + "\n3,y\n").getBytes(UTF_8), 422, "RECORD_TOO_LONG");

            assertThat(problem.getInt("row")).isEqualTo(2);
            assertThat(problem.getInt("byte")).isEqualTo(good.length());
        }
    }

    @Test
    void longestRecordsComeBack() {
        String name = Api.newName();
        int longest = 4 * 1024 * 1024 - "1,\"\"\n".length();
        String lines = ",,\n".repeat(longest / 3) + ",".repeat(longest % 3); // none that looks like a record
        String csv = "a,b\n1," + "x".repeat(longest) + "\n2,\"" + lines + "\"\n3,y\n";

        upload(name, csv);

        assertThat(Api.source(name).equals(csv)).isTrue();
    }

    /** All in the samples of four uploads, where nobody counts them yet: a process has 128 MB. */
    @Test
    void millionsOfTheShortestRejectsAreMoreThanAllowedAndNotMoreThanAProcessHolds() {
        String rejects = "x\n".repeat(1_500_000);

        IntStream.range(0, 4).parallel().forEach(i -> {
            try (Client client = Client.uploading(Shared.service(), Api.newName())) {
                client.chunk("a,b\n" + rejects).end();
                assertThat(client.readAll()).startsWith("HTTP/1.1 422").contains("TOO_MANY_REJECTS");
            }
        });
    }

    @Test
    void oneColumnMoreThanATableHoldsIsRefused() {
        Refused refused = new Refused();

        refused.put((header(1600) + row(1600, "1")).getBytes(UTF_8), 422, "TOO_MANY_COLUMNS");
        refused.put((header(100_000) + row(100_000, "1")).getBytes(UTF_8), 422, "TOO_MANY_COLUMNS");
    }

    @Test
    void eachOf1599ColumnsHasASingleCellInARowOfItsOwn() {
        String name = Api.newName();
        List<String> cells = List.of("7", "1.50", "2024-01-31", "x", "1e5");
        List<String> types = List.of("bigint", "numeric", "date", "text", "double");
        String csv = header(1599)
                + IntStream.range(0, 1599)
                        .mapToObj(i -> sparse(1599, i, cells.get(i % cells.size())))
                        .collect(Collectors.joining());

        JsonPath view = upload(name, csv);

        assertThat(view.getInt("rows")).isEqualTo(1599);
        assertThat(view.getList("columns.nulls")).containsOnly(1598);
        assertThat(Api.source(name).equals(csv)).isTrue();
        List<String> found = view.getList("columns.type");
        for (int c = 0; c < 1599; c++) { // so many rewrites are due that some columns become text instead
            assertThat(found.get(c)).isIn(types.get(c % types.size()), "text");
        }
    }

    @Test
    void rowsTooWideForAPageAreKeptOutAndAllAroundThemLoads() {
        String name = Api.newName();
        String narrow = IntStream.range(0, 400)
                .mapToObj(i -> sparse(1599, i, "some text"))
                .collect(Collectors.joining());
        String wide = row(1599, "text of some length");
        String number = sparse(1599, 1598, "7");
        String tooMany = row(1601, "x");
        String csv = header(1599) + narrow + wide + number + wide + tooMany + narrow;

        JsonPath view = upload(name, csv);

        assertThat(view.getInt("rows")).isEqualTo(801);
        List<Map<String, Object>> rejects = Api.get("/v1/datasets/" + name + "/versions/1/rejects")
                .jsonPath()
                .getList("items");
        assertThat(rejects).extracting("row").containsExactly(401, 403, 404);
        assertThat(rejects).extracting("reason").containsExactly("row_too_wide", "row_too_wide", "too_many_fields");
        assertThat(rejects.getFirst().get("raw").toString()).startsWith("text of some length\ttext of");
        assertThat(Api.source(name).equals(csv.replace(wide, "").replace(tooMany, "")))
                .isTrue();
    }

    /** Rows of numbers fit a page that the same numbers as text do not. */
    @Test
    void tableTooWideOnceItsColumnsAreWidenedIsRefused() {
        String numbers = row(900, Long.toString(Long.MIN_VALUE)).repeat(600);

        new Refused().put((header(900) + numbers + row(900, "x")).getBytes(UTF_8), 422, "TABLE_TOO_WIDE");
    }

    /**
     * The nearer together, the fewer the rewrites: then all have the types of their cells. Else PostgreSQL rewrites what
     * TableWriter allows, and what is left becomes text.
     */
    @ParameterizedTest
    @CsvSource({"1234567890, 6, true", "123, 20, false"})
    void twoHundredColumnsThatEachBreakTheirTypeAtAnotherRowLoadInFewRewrites(
            String number, int apart, boolean narrow) {
        int columns = 200;
        int before = BEHIND_THE_SAMPLE / number.length() / columns + 1000;
        int count = before + columns * apart + 100;
        List<String> breaks = List.of("0.5", "x", "-0", "0.5", "x", "1e3", "x");
        List<String> types = List.of("numeric", "text", "text", "numeric", "text", "double", "text");
        String same = row(columns, number);
        StringBuilder csv = new StringBuilder(header(columns)).append(same.repeat(before));
        for (int r = 0; r < columns * apart; r++) {
            int c = r / apart;
            csv.append(
                    r % apart != 0
                            ? same
                            : same.substring(0, c * (number.length() + 1))
                                    + breaks.get(c % breaks.size())
                                    + same.substring(c * (number.length() + 1) + number.length()));
        }
        csv.append(same.repeat(100));
        String name = Api.newName();

        JsonPath view = upload(name, csv.toString());

        assertThat(view.getInt("rows")).isEqualTo(count);
        assertThat(Api.source(name).contentEquals(csv)).isTrue();
        int settled = 0;
        List<String> found = view.getList("columns.type");
        List<List<String>> reasons = view.getList("columns.ruledOut.reason");
        for (int c = 0; c < columns; c++) {
            boolean gaveUp = found.get(c).equals("text") && reasons.get(c).getLast() != null;
            settled += gaveUp ? 1 : 0;
            assertThat(gaveUp ? "text" : types.get(c % types.size())).isEqualTo(found.get(c));
        }
        assertThat(settled == 0).isEqualTo(narrow);
        long copied = (long) count * (2 + 12 * (columns + 1));
        List<String> rewritten = Sql.query("SELECT rewritten.bytes FROM public.rewritten, sluice.dataset d"
                + " JOIN sluice.version_segment v ON v.version_id = d.current_version_id"
                + " JOIN sluice.segment s ON s.id = v.segment_id"
                + " WHERE d.name = '" + name + "' AND rewritten.name LIKE '%' || s.table_name");
        assertThat(rewritten).hasSizeGreaterThan(2);
        assertThat(rewritten.stream().mapToLong(Long::parseLong).sum()).isLessThan(3 * copied + (64L << 20));
    }

    /** In the catalog: what they turned into, and at which row they could no longer be what they were before. */
    @Test
    void columnsOfNothingTurnIntoSomethingAndThenIntoSomethingElse() {
        String csv = """
                pad,number,decimal,wide,day,unclear,word,quoted,never
                """ + "some text of no meaning,,,,,,,\"\",\n".repeat(BEHIND_THE_SAMPLE / 34) + """
                x,5,5,5,13/01/2024,01/02/2024,yes,"",
                x,,1.50,1.50,01/02/2024,,,7,
                x,-7,,x,,,no,"",
                """;
        int before = BEHIND_THE_SAMPLE / 34;
        String name = Api.newName();

        JsonPath view = upload(name, csv);

        assertThat(view.getList("columns.type"))
                .containsExactly("text", "bigint", "numeric", "text", "date", "text", "boolean", "text", "text");
        assertThat(view.getList("columns.nulls"))
                .containsExactly(0, before + 1, before + 1, before, before + 1, before + 2, before + 1, 0, before + 3);
        assertThat(view.getList("columns[3].ruledOut.row")).containsExactly(before + 2, before + 3);
        assertThat(view.getString("columns[5].ruledOut[0].value")).isEqualTo("01/02/2024");
        assertThat(Api.source(name).equals(csv)).isTrue();
    }
}
