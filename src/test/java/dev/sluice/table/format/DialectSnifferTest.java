package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        byte[] bytes = text.replace("\\n", "\n").replace("\\t", "\t").getBytes(UTF_8);

        Dialect found = DialectSniffer.sniff(bytes, 0, bytes.length, true);

        assertThat(found.delimiter()).isEqualTo((byte) (delimiter.equals("tab") ? '\t' : delimiter.charAt(0)));
    }
}
