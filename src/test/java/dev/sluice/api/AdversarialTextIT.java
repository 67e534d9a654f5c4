package dev.sluice.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.table.format.RecordBatch;
import io.restassured.path.json.JsonPath;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no text, or text that begins strangely. */
class AdversarialTextIT {
    /** Bytes of a record; buffers hold a whole number of them. */
    private static final int RECORD = 64;

    private static final String X = "x".repeat(RECORD / 2 - 1);
    private static final String Y = "y".repeat(RECORD / 2 - 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // nothing that it could continue
                "c32c", // cut short
                "e2822c",
                "f09f922c",
                "f09f2c",
                "eda080", // half a pair of surrogates
                "eda0bdedb2a9", // both halves: CESU-8
                "c080", // longer than need be
                "e08080",
                "f0808080",
                "f4908080", // beyond Unicode
                "f5808080",
                "ff",
                "00"
            })
    void brokenCharacterIsFoundWhereItBeginsWhereverTheEndOfABufferCutsIt(String hex) {
        Refused refused = new Refused();
        byte[] broken = HexFormat.of().parseHex(hex);
        for (int buffers = 1; buffers <= 2; buffers++) {
            for (int before = 0; before <= broken.length; before++) {
                int at = buffers * RecordBatch.CAPACITY - before;
                byte[] body = filled(at + 2 * RECORD);
                System.arraycopy(broken, 0, body, at, broken.length);

                JsonPath problem = refused.put(body, 422, "TEXT_INVALID");

                assertThat(problem.getInt("byte")).isEqualTo(at);
                assertThat(problem.getInt("row")).isEqualTo(at / RECORD);
                assertThat(problem.getString("column")).isEqualTo(at % RECORD < RECORD / 2 ? X : Y);
            }
        }
    }

    /** Records that are each as long as the header. */
    private static byte[] filled(int atLeast) {
        String record = X + "," + Y + "\n";
        return record.repeat(atLeast / RECORD + 1).getBytes(ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "e2", "e282", "f0", "f09f", "f09f92"})
    void characterCutByTheEndOfTheBodyIsRefusedWhereItBegins(String hex) {
        Refused refused = new Refused();
        for (int length : List.of(RECORD, 3 * RecordBatch.CAPACITY)) {
            byte[] body = (new String(filled(length), ISO_8859_1) + "1,").getBytes(ISO_8859_1);
            byte[] cut = HexFormat.of().parseHex(hex);
            byte[] all = Arrays.copyOf(body, body.length + cut.length);
            System.arraycopy(cut, 0, all, body.length, cut.length);

            JsonPath problem = refused.put(all, 422, "TEXT_INVALID");

            assertThat(problem.getInt("byte")).isEqualTo(body.length);
            assertThat(problem.getInt("row")).isEqualTo(all.length / RECORD);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void charactersOfEveryLengthComeBackWhateverOfThemABufferCuts(int shift) {
        String name = Api.newName();
        String cells = "é,\u07FF\u0800東,\uD7FF\uE000\uFFFF,💧\uD800\uDC00\uDBFF\uDFFF\uFEFF\n";
        String csv = "a,b,c,d\n" + "x".repeat(shift) + cells.repeat(20_000);

        Api.put(name, csv).then().statusCode(201);

        assertThat(Api.source(name).equals(csv)).isTrue();
    }

    @Test
    void otherEncodingsAreRefusedAtTheirFirstByteThatIsNotUtf8() {
        Refused refused = new Refused();
        String text = "a,b\n1,2\n";
        for (Charset charset : List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))) {
            boolean zeroFirst = text.getBytes(charset)[0] == 0;
            byte[] marked = ("\uFEFF" + text).getBytes(charset);

            assertThat(refused.put(marked, 422, "TEXT_INVALID").getInt("byte")).isZero();
            assertThat(refused.put(text.getBytes(charset), 422, "TEXT_INVALID").getInt("byte"))
                    .isEqualTo(zeroFirst ? 0 : 1);
        }
    }

    @Test
    void byteOrderMarkIsLeftOutOnceAndOnlyAtTheStart() {
        Refused refused = new Refused();
        for (String nothing : List.of("\uFEFF", "\uFEFF\n", "\uFEFF\r\n\r\n")) {
            refused.put(nothing.getBytes(UTF_8), 422, "BODY_EMPTY");
        }
        refused.put(new byte[] {(byte) 0xEF, (byte) 0xBB}, 422, "TEXT_INVALID");
        refused.put(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBE, (byte) 0xEF}, 422, "TEXT_INVALID");

        String name = Api.newName();
        JsonPath view = Api.put(name, "\uFEFF\"a;,\";b\n\uFEFF1;\uFEFF\n").jsonPath();
        assertThat(view.getList("columns.label")).containsExactly("a;,", "b");
        assertThat(Tables.cells(Api.source(name), ',').get(1)).containsExactly("\uFEFF1", "\uFEFF");
        assertThat(Api.put(Api.newName(), "\uFEFF\uFEFFa,b\n1,2\n".getBytes(UTF_8), Map.of())
                        .jsonPath()
                        .getString("columns[0].label"))
                .isEqualTo("\uFEFFa");
    }
}
