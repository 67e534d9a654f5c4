package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the texts of rows, one after the other, as an answer of one format. */
final class RowEncoder {
    private final byte[] begin;
    private final byte[] separator;
    private final byte[] end;
    private final boolean lines;
    private final boolean one;
    private boolean begun;

    private RowEncoder(String begin, String separator, String end, boolean lines, boolean one) {
        this.begin = begin.getBytes(UTF_8);
        this.separator = separator.getBytes(UTF_8);
        this.end = end.getBytes(UTF_8);
        this.lines = lines;
        this.one = one;
    }

    static RowEncoder array() {
        return new RowEncoder("[", ",", "]", false, false);
    }

    /** An object a line. */
    static RowEncoder lines() {
        return new RowEncoder("", "\n", "\n", true, false);
    }

    /** The only object. */
    static RowEncoder object() {
        return new RowEncoder("", "", "", false, true);
    }

    /** @param header a line, as the texts of rows are */
    static RowEncoder csv(String header) {
        return new RowEncoder(header, "", "", false, false);
    }

    /** Whether it writes exactly one row. */
    boolean isOfOne() {
        return one;
    }

    void begin(OutputStream out) throws IOException {
        out.write(begin);
    }

    /** Writes a row; {@code text} is changed. */
    void row(byte[] text, int length, OutputStream out) throws IOException {
        if (begun) {
            out.write(separator);
        }
        begun = true;
        if (lines) {
            joinLines(text, length);
        }
        out.write(text, 0, length);
    }

    /** In the text of JSON a line break is a blank as good as any. */
    private static void joinLines(byte[] text, int length) {
        for (int i = 0; i < length; i++) {
            if (text[i] == '\n' || text[i] == '\r') {
                text[i] = ' ';
            }
        }
    }

    void end(OutputStream out) throws IOException {
        if (begun || begin.length > 0) {
            out.write(end);
        }
    }
}
