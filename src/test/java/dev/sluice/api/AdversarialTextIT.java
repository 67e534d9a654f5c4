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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no text, or text that begins strangely. */
class AdversarialTextIT {
    /** Bytes of a record; buffers hold a whole number of them. */
    private static final int RECORD = 64;

    /** The bytes, and which of them cannot be. */
    @ParameterizedTest
    @CsvSource({
        "80, 0", // nothing that it could continue
        "c32c, 1", // cut short
        "e2822c, 2",
        "f09f922c, 3",
        "f09f2c, 2",
        "eda080, 1", // half a pair of surrogates
        "eda0bdedb2a9, 1", // both halves: CESU-8
        "c080, 0", // longer than need be
        "e08080, 1",
        "f0808080, 1",
        "f4908080, 1", // beyond Unicode
        "f5808080, 0",
        "ff, 0",
        "00, 0"
    })
    void brokenCharacterIsFoundWhereverTheEndOfABufferCutsIt(String hex, int bad) {
        Refused refused = new Refused();
        byte[] broken = HexFormat.of().parseHex(hex);
        for (int buffers = 1; buffers <= 2; buffers++) {
            for (int before = 0; before <= broken.length; before++) {
                int at = buffers * RecordBatch.CAPACITY - before;
                byte[] body = filled(at + 2 * RECORD);
                System.arraycopy(broken, 0, body, at, broken.length);

                JsonPath problem = refused.put(body, 422, "TEXT_INVALID");

                assertThat(problem.getInt("byte")).isEqualTo(at + bad);
                if (at + bad >= RecordBatch.CAPACITY) { // else there is no dialect yet to count rows by
                    assertThat(problem.getInt("row")).isEqualTo(at / RECORD);
                }
            }
        }
    }

    /** Records that are each as long as the header. */
    private static byte[] filled(int atLeast) {
        String record = "x".repeat(RECORD / 2 - 1) + "," + "y".repeat(RECORD / 2 - 1) + "\n";
        return record.repeat(atLeast / RECORD + 1).getBytes(ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "e2", "e282", "f0", "f09f", "f09f92"})
    void characterCutByTheEndOfTheBodyIsRefusedAtItsEnd(String hex) {
        Refused refused = new Refused();
        for (int length : List.of(RECORD, 3 * RecordBatch.CAPACITY)) {
            byte[] body = (new String(filled(length), ISO_8859_1) + "1,").getBytes(ISO_8859_1);
            byte[] cut = HexFormat.of().parseHex(hex);
            byte[] all = Arrays.copyOf(body, body.length + cut.length);
            System.arraycopy(cut, 0, all, body.length, cut.length);

            JsonPath problem = refused.put(all, 422, "TEXT_INVALID");

            assertThat(problem.getInt("byte")).isEqualTo(all.length);
            assertThat(problem.<Integer>get("row")).isIn(null, all.length / RECORD);
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
