package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectSnifferTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "a,b\\n1,2\\n#,",
                "a;b\\n1,5;2,5\\n#;",
                "a\\tb\\n1,5\\t2;5\\n#tab",
                "a|b|c\\n1|2|3\\n#|",
                "a;b\\n\"x,y,z\";\"1,2\"\\n#;",
                "only\\none, column\\n#,",
                "a,b\\n\"1;2\\n;3\",4\\n#,",
                "name;note\\nx;a,b\\ny;c,d\\n#;"
            })
    void takesTheDelimiterThatCutsEvenly(String text, String delimiter) {
        assertThat(found(text).delimiter()).isEqualTo((byte) (delimiter.equals("tab") ? '\t' : delimiter.charAt(0)));
    }

    private static Dialect found(String text) {
        return sniffer(text).dialect(CsvOptions.unknown(1 << 20));
    }

    private static DialectSniffer sniffer(String text) {
        byte[] bytes = text.replace("\\n", "\n").replace("\\t", "\t").getBytes(UTF_8);
        return new DialectSniffer(bytes, bytes.length, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\tb\\n1\\t2\\n",
                "a\\tnote\\n1\\t\"starts so\\n2\\tx\\n3\\tends so\"\\n",
                "a\\tnote\\n1\\t\"\\n2\\tx\\n",
                "a\\tnote\\n1\\t\"6 inches\" is a size\\n2\\t\"whole\"\\n",
                "a\\tnote\\n1\\t\"\\n2\\t\"\"\\n"
            })
    void quotesOfATextWithTabsAreLetters(String text) {
        assertThat(found(text).quote()).isEqualTo(Dialect.NO_QUOTE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\tb\\n1\\t\"two\"\\n",
                "\"a\"\\t\"b\"\\n\"1\"\\t\"say \"\"hi\"\"\"\\n",
                "a\\tb\\n1\\t\"two\\nlines\"\\n2\\tx\\n",
                "a\\tb\\n1\\t\"with a \\t tab\"\\n2\\tx\\n"
            })
    void quotesOfATextWithTabsStandAroundCellsWhereThatIsEvident(String text) {
        assertThat(found(text).quote()).isEqualTo(Dialect.DEFAULT_QUOTE);
    }

    @ParameterizedTest
    @CsvSource({
        "sep=;\\na;b\\n1;2\\n, 6, ;",
        "SEP=;\\na;b\\n1;2\\n, 6, ;",
        "sep=^\\na^b\\n1^2\\n, 6, ^",
        "'sep=,\\na;b\\n1;2\\n', 6, ;",
        "'\uFEFFsep=;\\na,b;c\\n1,2;3\\n', 9, ;"
    })
    void declarationAboveTheHeaderIsNoRecord(String text, int start, char delimiter) {
        assertThat(sniffer(text).start()).isEqualTo(start);
        assertThat(found(text).delimiter()).isEqualTo((byte) delimiter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep\\n=\\n", "sep=ab\\n1\\n", "sep=", "separator;x\\n1;2\\n"})
    void labelThatBeginsLikeADeclarationIsALabel(String text) {
        assertThat(sniffer(text).start()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Extraction of 2025\\nid;name\\n1;a\\n2;b\\n",
                "Prices, of all shops\\nid;name;price\\n1;a;0,5,0\\n2;b;1,5,0\\n",
                "Report\\n\\nBy: me\\nid;name\\n1;a\\n2;b\\n3;c\\n",
                "a,b\\n1,2,3\\n4,5,6\\n7,8,9\\n"
            })
    void firstLineThatNoLineBelowFitsIsRefused(String text) {
        assertThatThrownBy(() -> found(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HEADER_UNCERTAIN));
        CsvOptions insists = new CsvOptions(null, null, Header.PRESENT, 100, 1 << 20);
        assertThat(sniffer(text).dialect(insists).header()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"note\\none\\n, two\\nthree, four\\n", "a,b,c\\n1,2,3\\n4,5\\n6,7\\n", "only\\n1\\n2\\n"})
    void raggedRecordsAreNoReasonToDoubtTheFirst(String text) {
        assertThat(found(text).delimiter()).isEqualTo((byte) ',');
    }
}
