package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Pieces of text that some layer below may take for more than text. None of them is a word that the oracle looks for. */
final class Nasty {
    static final List<String> TOKENS = List.of(
            "",
            "\0",
            " ",
            "\t",
            "\r\n",
            "\"",
            "'",
            "\\",
            "(",
            ")",
            ",",
            ".",
            "..",
            "/",
            ";",
            ":",
            "@",
            "%",
            "%00",
            "%zz",
            "%c0%80",
            "%ed%a0%80",
            "&",
            "=",
            "?",
            "#",
            "*",
            "+",
            "-",
            "-0",
            "{}",
            "{0}",
            "${jndi:x}",
            "$1",
            "\\u0000",
            "\\ud800",
            "--",
            "/*",
            "null",
            "NaN",
            "Infinity",
            "1e999999999",
            "-1",
            "2147483648",
            "9223372036854775808",
            "99999999999999999999999999",
            "0x10",
            "1_0",
            Draft.bytes("٣"),
            Draft.bytes("é"),
            Draft.bytes("e\u0301"),
            Draft.bytes("😀"),
            Draft.bytes("\u202e"),
            Draft.bytes("\ufeff"),
            Draft.bytes("\uffff"),
            "\u00c0\u0080",
            "\u00ed\u00a0\u0080",
            "\u00ff\u00fe",
            "\u001b[31m",
            "\u007f",
            "infinity",
            "-infinity",
            "0000-00-00",
            "294277-01-01",
            "4714-11-25 BC",
            "24:00:00",
            "t",
            "00000000-0000-0000-0000-000000000000",
            "not.",
            "eq.",
            "in.()",
            "is.null");

    private Nasty() {}

    static Arbitrary<String> text() {
        return Arbitraries.frequencyOf(List.of(
                Tuple.of(6, Arbitraries.of(TOKENS)),
                Tuple.of(2, Arbitraries.of(TOKENS).list().ofMaxSize(6).map(parts -> String.join("", parts))),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(20).map(Draft::bytes)),
                Tuple.of(1, repeated())));
    }

    /** Much of the same. */
    static Arbitrary<String> repeated() {
        return Arbitraries.of(TOKENS)
                .flatMap(token -> Arbitraries.of(2, 10, 100, 1000, 3000).map(token::repeat));
    }

    /** What a URI may not have in itself, percent-encoded. */
    static String encoded(String bytes) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : bytes.getBytes(ISO_8859_1)) {
            boolean plain = b > ' ' && b < 0x7f && "\"#%&+<>\\^`{|}?".indexOf(b) < 0;
            encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
