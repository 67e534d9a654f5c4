package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.type.ColumnType;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {
    private static final Relation RELATION = new Relation(
            "data.\"t_1\"",
            List.of(
                    field("id", "bigint", null),
                    field("name", "text", null),
                    field("day", "date", "dd/MM/yyyy"),
                    field("done", "boolean", "Y/N")),
            100);

    private static Field field(String name, String type, String format) {
        return new Field(name, name.toUpperCase(java.util.Locale.ROOT), ColumnType.of(type, format), null);
    }

    private static RowsQuery parse(String name, String... values) {
        return QueryParser.parse(Map.of(name, List.of(values)), RELATION);
    }

    private static String where(String column, String... filters) {
        String sql = RowsSql.text(parse(column, filters), RELATION).sql();
        return sql.substring(sql.indexOf("WHERE ") + 6, sql.indexOf(" ORDER BY"));
    }

    @Test
    void operatorsCompareWithABoundValueOfTheColumnsType() {
        assertThat(where("id", "gte.5")).isEqualTo("t.\"id\" >= CAST(? AS bigint)");
        assertThat(where("day", "eq.2024-01-01")).isEqualTo("t.\"day\" = CAST(? AS date)");
        assertThat(where("name", "not.neq.a.b")).isEqualTo("NOT (t.\"name\" <> CAST(? AS text))");
        assertThat(where("done", "is.unknown")).isEqualTo("t.\"done\" IS UNKNOWN");
        assertThat(where("name", "is.not_null")).isEqualTo("t.\"name\" IS NOT NULL");
        assertThat(where("id", "gt.1", "lt.5"))
                .isEqualTo("t.\"id\" > CAST(? AS bigint) AND t.\"id\" < CAST(? AS bigint)");
        assertThat(where("id", "in.()")).isEqualTo("false");
    }

    @Test
    void valuesOfAListMayBeQuoted() {
        RowsSql sql = RowsSql.text(parse("name", "in.(a,\"b,c\",\"d\\\"e\",,f g)"), RELATION);

        assertThat(sql.values()).containsExactly("a", "b,c", "d\"e", "", "f g");
    }

    @Test
    void rowNumberIsHiddenAndBreaksTies() {
        RowsSql sql = RowsSql.text(parse("order", "name.desc.nullslast,id"), RELATION);

        assertThat(sql.sql())
                .isEqualTo(
                        "SELECT t.\"id\"::text, t.\"name\"::text, t.\"day\"::text, t.\"done\"::text FROM data.\"t_1\" AS t"
                                + " ORDER BY t.\"name\" DESC NULLS LAST, t.\"id\", t.\"_row\"");
        assertThat(parse("select", "_row,name").outputs())
                .extracting(RowsQuery.Output::name)
                .containsExactly("_row", "name");
    }

    @Test
    void limitAndOffsetAreBound() {
        RowsSql sql = RowsSql.text(
                QueryParser.parse(Map.of("limit", List.of("10"), "offset", List.of("5")), RELATION), RELATION);

        assertThat(sql.sql()).endsWith("LIMIT ? OFFSET ?");
        assertThat(sql.values()).containsExactly(10L, 5L);
    }

    @Test
    void sourceRenderingUsesTheColumnsFormat() {
        RowsSql sql = RowsSql.source(parse("select", "day,done"), RELATION);

        assertThat(sql.sql())
                .startsWith(
                        "SELECT to_char((t.\"day\")::timestamp, 'DD/MM/YYYY'), CASE t.\"done\" WHEN true THEN 'Y' WHEN false THEN 'N' END FROM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=-1",
                "limit=x",
                "limit=1e3",
                "offset=99999999999999999999",
                "id=5",
                "id=like.5",
                "id=not.not.eq.5",
                "id=is.maybe",
                "name=is.true",
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
    @ValueSource(strings = {"nope=eq.1", "select=nope", "order=nope", "ID=eq.1", "xmin=eq.1", "select=id;drop table x"})
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
        String[] filters = new String[QueryParser.MAX_FILTERS + 1];
        java.util.Arrays.fill(filters, "eq.1");
        String values = "1,".repeat(QueryParser.MAX_VALUES) + "1";

        assertThatThrownBy(() -> parse("id", filters)).hasMessageContaining("the most is");
        assertThatThrownBy(() -> parse("id", "in.(" + values + ")")).hasMessageContaining("at most");
    }

    /** Whatever stands in a value, the statement is the same: it is bound, never written. */
    @Property
    void valuesNeverBecomeSql(@ForAll @Size(max = 5) List<String> hostile) {
        for (String value : hostile) {
            if (value.indexOf('\0') < 0) {
                assertThat(where("name", "eq." + value)).isEqualTo("t.\"name\" = CAST(? AS text)");
            }
        }
    }

    /** A name that is not in the catalog is refused wherever it stands, and an alias is quoted. */
    @Property
    void namesNeverBecomeSql(@ForAll String hostile) {
        for (String place : List.of("select", "order")) {
            try {
                String sql = RowsSql.json(parse(place, hostile), RELATION).sql();
                String withoutQuoted = sql.replaceAll("\"(?:[^\"]|\"\")*\"", "");
                assertThat(withoutQuoted).matches("[A-Za-z_.:*(), \\[\\]]*");
            } catch (ProblemException e) {
                assertThat(e.code()).isIn(ErrorCode.QUERY_INVALID, ErrorCode.COLUMN_NOT_FOUND);
            }
        }
    }
}
