package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes rows as RFC 4180 with line feeds. NULL is an empty field, the empty string a quoted one. */
final class CsvWriter implements RowEncoder {
    private final List<String> header;

    CsvWriter(List<String> header) {
        this.header = header;
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        for (int i = 0; i < header.size(); i++) {
            field(i, header.get(i).getBytes(UTF_8), out);
        }
        out.write('\n');
    }

    @Override
    public void row(ResultSet row, OutputStream out) throws SQLException, IOException {
        for (int i = 0; i < header.size(); i++) {
            field(i, row.getBytes(i + 1), out);
        }
        out.write('\n');
    }

    @Override
    public void end(OutputStream out) {
        // every row has ended with its line
    }

    private static void field(int index, byte[] text, OutputStream out) throws IOException {
        if (index > 0) {
            out.write(',');
        }
        if (text == null) {
            return;
        }
        if (!needsQuotes(text)) {
            out.write(text);
            return;
        }
        out.write('"');
        for (byte b : text) {
            if (b == '"') {
                out.write('"');
            }
            out.write(b);
        }
        out.write('"');
    }

    private static boolean needsQuotes(byte[] text) {
        for (byte b : text) {
            if (b == ',' || b == '"' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return text.length == 0;
    }
}
