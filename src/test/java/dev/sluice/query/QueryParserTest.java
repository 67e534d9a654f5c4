package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.type.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {
    private static final Relation RELATION = new Relation(
            UUID.randomUUID(),
            "t@1",
            "data.\"t_1\"",
            List.of(
                    field("id", "bigint", null),
                    field("name", "text", null),
                    field("day", "date", "dd/MM/yyyy"),
                    field("done", "boolean", "Y/N")),
            1000,
            100);

    private static Field field(String name, String type, String format) {
        return new Field(name, name.toUpperCase(java.util.Locale.ROOT), ColumnType.of(type, format), null);
    }

    private static RowsQuery parse(String name, String... values) {
        return QueryParser.parse(Map.of(name, List.of(values)), RELATION);
    }

    private static String where(String column, String... filters) {
        String sql = RowsSql.fields(parse(column, filters), RELATION, false).sql();
        return sql.substring(sql.indexOf("WHERE ") + 6, sql.indexOf(" ORDER BY"));
    }

    @Test
    void operatorsCompareWithABoundValueOfTheColumnsType() {
        assertThat(where("id", "gte.5")).isEqualTo("(t.\"id\" >= CAST(? AS bigint))");
        assertThat(where("day", "eq.2024-01-01")).isEqualTo("(t.\"day\" = CAST(? AS date))");
        assertThat(where("name", "not.neq.a.b")).isEqualTo("(NOT (t.\"name\" <> CAST(? AS text)))");
        assertThat(where("done", "is.unknown")).isEqualTo("(t.\"done\" IS UNKNOWN)");
        assertThat(where("name", "is.not_null")).isEqualTo("(t.\"name\" IS NOT NULL)");
        assertThat(where("id", "gt.1", "lt.5"))
                .isEqualTo("(t.\"id\" > CAST(? AS bigint)) AND (t.\"id\" < CAST(? AS bigint))");
        assertThat(where("id", "in.()")).isEqualTo("(t.\"id\" = ANY (CAST(? AS bigint[])))");
    }

    @Test
    void valuesOfAListMayBeQuoted() {
        RowsSql sql = RowsSql.fields(parse("name", "in.(a,\"b,c\",\"d\\\"e\",,f g)"), RELATION, false);

        assertThat(sql.values()).containsExactly("{\"a\",\"b,c\",\"d\\\"e\",\"\",\"f g\"}");
    }

    @Test
    void rowNumberIsHiddenAndBreaksTies() {
        RowsSql sql = RowsSql.fields(parse("order", "name.desc.nullslast,id"), RELATION, false);

        assertThat(sql.sql())
                .isEqualTo("SELECT t.\"id\", t.\"name\", t.\"day\", t.\"done\"::text, t.\"_row\" FROM data.\"t_1\" AS t"
                        + " ORDER BY t.\"name\" DESC NULLS LAST, t.\"id\", t.\"_row\"");
        assertThat(parse("select", "_row,name").outputs())
                .extracting(RowsQuery.Output::name)
                .containsExactly("_row", "name");
    }

    @Test
    void limitAndOffsetAreBound() {
        RowsSql sql = RowsSql.fields(
                QueryParser.parse(Map.of("limit", List.of("10"), "offset", List.of("5")), RELATION), RELATION, false);

        assertThat(sql.sql()).endsWith("LIMIT ? OFFSET ?");
        assertThat(sql.values()).containsExactly(10L, 5L);
    }

    @Test
    void sourceRenderingUsesTheColumnsFormat() {
        RowsSql sql = RowsSql.fields(parse("select", "day,done"), RELATION, true);

        assertThat(sql.sql())
                .startsWith(
                        "SELECT to_char((t.\"day\")::timestamp, 'DD/MM/YYYY'), CASE t.\"done\" WHEN true THEN 'Y' WHEN false THEN 'N' END, t.\"_row\" FROM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=-1",
                "limit=x",
                "limit=1e3",
                "offset=99999999999999999999",
                "id=5",
                "id=not.not.eq.5",
                "id=is.maybe",
                "id=in.1,2",
                "id=in.(1",
                "name=in.(\"a)",
                "name=in.(\"a\"b)",
                "order=id.sideways",
                "select=id,id",
                "select=:id",
                "name=eq.\u0000"
            })
    void malformedQueriesSayWhatIsWrong(String parameter) {
        assertCode(parameter, ErrorCode.QUERY_INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope=eq.1",
                "select=nope",
                "order=nope",
                "ID=eq.1",
                "xmin=eq.1",
                "select=id;drop table x",
                "or=(nope.eq.1)"
            })
    void columnsThatAreNotThereAreNotFound(String parameter) {
        assertCode(parameter, ErrorCode.COLUMN_NOT_FOUND);
    }

    private static void assertCode(String parameter, ErrorCode code) {
        String[] parts = parameter.split("=", 2);
        assertThatThrownBy(() -> parse(parts[0], parts[1]))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void numbersOfFiltersAndValuesAreBounded() {
        String[] filters = new String[FilterParser.MAX_FILTERS + 1];
        java.util.Arrays.fill(filters, "eq.1");
        String values = "1,".repeat(FilterParser.MAX_VALUES) + "1";
        String half = "a".repeat(FilterParser.MAX_PATTERNS / 2);

        assertThatThrownBy(() -> parse("id", filters)).hasMessageContaining("at most 100");
        assertThatThrownBy(() -> parse("id", "in.(" + values + ")")).hasMessageContaining("at most");
        assertThatThrownBy(() -> parse("name", "match." + half, "not.imatch(any).{" + half + "}"))
                .hasMessageContaining("at most 256 characters");
    }

    /** Whatever stands in a value, the statement is the same: it is bound, never written. */
    @Property
    void valuesNeverBecomeSql(@ForAll @Size(max = 5) List<String> hostile) {
        for (String value : hostile) {
            if (value.indexOf('\0') < 0) {
                assertThat(where("name", "eq." + value)).isEqualTo("(t.\"name\" = CAST(? AS text))");
            }
        }
    }

    /** Where a client's text stands in a query: {@code ?} is the text. */
    private static final List<String> POSITIONS = List.of(
            "?=eq.1",
            "id=?",
            "id=?.1",
            "id=not.?",
            "id=eq(?).{1}",
            "name=like.?",
            "name=fts(?).a",
            "name=wfts.?",
            "name=in.(?)",
            "name=in.(\"?\")",
            "name=is.?",
            "name->?=eq.1",
            "name->>?=eq.1",
            "and=?",
            "or=(id.eq.1,?)",
            "or=(?.eq.1)",
            "and=(id.?)",
            "and=(name.eq.?)",
            "and=(name.eq.\"?\")",
            "not.and=(or(name.in.(?)))",
            "select=?",
            "select=?:id",
            "select=id::?",
            "select=id.?()",
            "select=id.sum()::?",
            "select=name->?",
            "select=name->>?::text",
            "select=?()",
            "order=?",
            "order=id.?",
            "order=name->?",
            "limit=?",
            "offset=?");

    /** All words that a statement may have outside of quotes. */
    private static final Set<String> VOCABULARY = Set.of(
            ("SELECT FROM WHERE CROSS JOIN LATERAL GROUP ORDER BY LIMIT OFFSET AS AND OR NOT CAST ANY ALL IS NULL TRUE FALSE UNKNOWN DISTINCT LIKE ILIKE"
                            + " ASC DESC NULLS FIRST LAST data r t row_to_json to_jsonb to_tsvector to_tsquery plainto_tsquery"
                            + " phraseto_tsquery websearch_to_tsquery regconfig count sum avg min max text boolean smallint integer"
                            + " bigint numeric real double precision date time timestamp timestamptz uuid json jsonb")
                    .split(" ", -1));

    @Property(tries = 3000)
    void nothingThatAClientWritesBecomesSql(
            @ForAll("hostile") String hostile, @ForAll @IntRange(max = 32) int position) {
        String[] parts = POSITIONS.get(position).split("=", 2);
        try {
            RowsQuery query = parse(parts[0].replace("?", hostile), parts[1].replace("?", hostile));
            for (RowsSql sql : List.of(
                    RowsSql.json(query, RELATION, false),
                    RowsSql.fields(query, RELATION, false),
                    RowsSql.count(query, RELATION))) {
                String withoutQuoted = sql.sql().replaceAll("\"(?:[^\"]|\"\")*\"", "");
                assertThat(withoutQuoted).doesNotContain("'", ";", "--", "/*", "$");
                assertThat(List.of(withoutQuoted
                                .replaceAll("[^A-Za-z_]+", " ")
                                .strip()
                                .split(" ", -1)))
                        .isSubsetOf(VOCABULARY);
                assertThat(sql.sql().chars().filter(c -> c == '?').count())
                        .isGreaterThanOrEqualTo(sql.values().size());
            }
        } catch (QueryException e) {
            assertThat(e.code()).isIn(ErrorCode.QUERY_INVALID, ErrorCode.COLUMN_NOT_FOUND);
        }
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "'",
                "\"",
                "\\",
                ";",
                "--",
                "/*",
                "*/",
                "$$",
                "?",
                "(",
                ")",
                "{",
                "}",
                ",",
                ".",
                ":",
                "::",
                "->",
                "->>",
                "id",
                "name",
                "eq.",
                "1",
                "null",
                "union select",
                "pg_sleep(9)",
                "t.",
                "_row",
                "*",
                "%",
                "\n",
                "\u0000",
                "\ud83d\ude00",
                "text",
                "count()");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(8).map(list -> String.join("", list)), Arbitraries.strings());
    }
}
