package dev.sluice.table.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Utf8ValidatorTest {

    @Property(tries = 3000)
    void acceptsExactlyWhatTheJdkDecodesAndNoNulAtEverySplit(@ForAll("bytes") byte[] bytes) {
        boolean valid = decodes(bytes);
        for (int split = 0; split <= bytes.length; split++) {
            Utf8Validator validator = new Utf8Validator();
            boolean accepted = validator.validate(bytes, 0, split) < 0
                    && validator.validate(bytes, split, bytes.length) < 0
                    && validator.pending() == 0;
            assertThat(accepted).isEqualTo(valid);
        }
    }

    private static boolean decodes(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, true);
        return !result.isError() && out.flip().toString().indexOf('\0') < 0;
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<String> good = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<byte[]> text = good.map(s -> s.getBytes(StandardCharsets.UTF_8));
        Arbitrary<Byte> edge = Arbitraries.of(
                (byte) 0x00,
                (byte) 0x41,
                (byte) 0x7F,
                (byte) 0x80,
                (byte) 0x8F,
                (byte) 0x90,
                (byte) 0x9F,
                (byte) 0xA0,
                (byte) 0xBF,
                (byte) 0xC0,
                (byte) 0xC1,
                (byte) 0xC2,
                (byte) 0xDF,
                (byte) 0xE0,
                (byte) 0xED,
                (byte) 0xEF,
                (byte) 0xF0,
                (byte) 0xF4,
                (byte) 0xF5,
                (byte) 0xFF);
        Arbitrary<byte[]> amid = Combinators.combine(
                        Arbitraries.strings().ascii().ofMaxLength(80),
                        edge.list().ofMaxSize(3),
                        Arbitraries.integers())
                .as(Utf8ValidatorTest::amid);
        return Arbitraries.oneOf(text, edge.array(byte[].class).ofMaxSize(12), amid);
    }

    /** A few bytes somewhere in a long text, so that they are at any place of what is looked at in one go. */
    private static byte[] amid(String text, List<Byte> few, int anywhere) {
        int at = Math.floorMod(anywhere, text.length() + 1);
        ByteBuffer bytes = ByteBuffer.allocate(text.length() + few.size());
        bytes.put(text.substring(0, at).getBytes(StandardCharsets.US_ASCII));
        few.forEach(bytes::put);
        bytes.put(text.substring(at).getBytes(StandardCharsets.US_ASCII));
        return bytes.array();
    }
}
