package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Writes rows as RFC 4180 with line feeds. NULL is an empty field, the empty string a quoted one. */
final class CsvWriter {
    private final OutputStream out;

    CsvWriter(OutputStream out) {
        this.out = out;
    }

    void header(List<String> names) throws IOException {
        for (int i = 0; i < names.size(); i++) {
            field(i, names.get(i).getBytes(UTF_8));
        }
        out.write('\n');
    }

    void rows(ResultSet rows) throws SQLException, IOException {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int i = 0; i < columns; i++) {
                field(i, rows.getBytes(i + 1));
            }
            out.write('\n');
        }
    }

    private void field(int index, byte[] text) throws IOException {
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
