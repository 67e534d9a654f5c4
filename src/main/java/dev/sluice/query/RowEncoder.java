package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes rows, one after the other, as an answer of one format. */
interface RowEncoder {
    void begin(OutputStream out) throws IOException;

    /** Writes the row that the result is at. */
    void row(ResultSet row, OutputStream out) throws SQLException, IOException;

    void end(OutputStream out) throws IOException;

    /** Of results whose only column is an object. */
    static RowEncoder array() {
        return new Objects("[", ",", "]");
    }

    /** The same, a line each. */
    static RowEncoder lines() {
        return new Objects("", "\n", "\n");
    }

    /** The same, where there is one row. */
    static RowEncoder object() {
        return new Objects("", "", "");
    }

    /** Objects with something before, between and after them. */
    final class Objects implements RowEncoder {
        private final byte[] begin;
        private final byte[] separator;
        private final byte[] end;
        private boolean begun;

        private Objects(String begin, String separator, String end) {
            this.begin = begin.getBytes(UTF_8);
            this.separator = separator.getBytes(UTF_8);
            this.end = end.getBytes(UTF_8);
        }

        @Override
        public void begin(OutputStream out) throws IOException {
            out.write(begin);
        }

        @Override
        public void row(ResultSet row, OutputStream out) throws SQLException, IOException {
            if (begun) {
                out.write(separator);
            }
            begun = true;
            out.write(row.getBytes(1));
        }

        @Override
        public void end(OutputStream out) throws IOException {
            if (begun || begin.length > 0) {
                out.write(end);
            }
        }
    }
}
