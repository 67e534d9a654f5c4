package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNamesTest {

    @Test
    void labelsBecomeLowerSnakeCase() {
        assertThat(SqlNames.of(List.of(
                        "Airport Name",
                        "Cost Total $",
                        "pickupAt",
                        "DOLocationID",
                        "zip_code",
                        "Größe (m²)",
                        "2019",
                        "💧",
                        "")))
                .containsExactly(
                        "airport_name",
                        "cost_total",
                        "pickup_at",
                        "do_location_id",
                        "zip_code",
                        "größe_m2",
                        "c_2019",
                        "column_8",
                        "column_9");
    }

    @Test
    void marksAndJoinersArePartsOfWordsInEveryScript() {
        assertThat(SqlNames.of(List.of(
                        "राज्य का नाम",
                        "ज़िला",
                        "কুল",
                        "தமிழ் பெயர்",
                        "ശ്രീ",
                        "ชื่อ",
                        "می\u200cخواهم",
                        "क\u094d\u200dष",
                        "soft\u00adhyphen")))
                .containsExactly(
                        "राज्य_का_नाम",
                        "ज़िला",
                        "কুল",
                        "தமிழ்_பெயர்",
                        "ശ്രീ",
                        "ชื่อ",
                        "میخواهم",
                        "क\u094dष",
                        "softhyphen");
    }

    @Test
    void systemColumnsAndWordsOfTheDialectAreAvoided() {
        assertThat(SqlNames.of(List.of("xmin", "Order", "_row", "select")))
                .containsExactly("xmin_", "order_", "row", "select_");
    }

    @Test
    void equalNamesAreNumbered() {
        assertThat(SqlNames.of(List.of("a", "A", "a_2", "a"))).containsExactly("a", "a_2", "a_2_2", "a_3");
    }

    @Property
    void namesAreUniqueShortAndNeverHidden(@ForAll List<String> labels) {
        List<String> names = SqlNames.of(labels);

        assertThat(names).hasSameSizeAs(labels).doesNotHaveDuplicates().allSatisfy(name -> {
            assertThat(name).isNotEmpty().doesNotStartWith("_").doesNotContain("\"");
            assertThat(name.getBytes(UTF_8).length).isLessThanOrEqualTo(SqlNames.MAX_BYTES);
        });
        assertThat(new HashSet<>(names)).doesNotContain("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");
    }

    @Property
    void everyNameIsOne(@ForAll List<String> labels) {
        assertThat(SqlNames.of(labels)).allMatch(SqlNames::isName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_row", "1a", "a b", "a\"", "a;b", "a\n", "xmin", "\u0301a"})
    void whatNoLabelBecomesIsNone(String name) {
        assertThat(SqlNames.isName(name)).isFalse();
        assertThat(SqlNames.isName("a".repeat(SqlNames.MAX_BYTES + 1))).isFalse();
    }
}
