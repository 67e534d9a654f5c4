package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Everything read from a source: records, and what was kept out. */
record Reading(List<String> header, List<List<String>> records, List<Long> rows, List<RejectedRecord> rejects) {
    static final int MAX_RECORD = 4 * 1024 * 1024;
    static final Dialect COMMA = Dialect.RFC_4180;

    static Reading of(InputStream in) {
        return of(in, CsvOptions.of(COMMA, MAX_RECORD));
    }

    static Reading of(InputStream in, CsvOptions options) {
        try {
            return of(CsvReader.open(in, null, options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of what is the beginning of a source. */
    static Reading ofBeginning(InputStream in) {
        try {
            return of(CsvReader.openBeginning(in, null, CsvOptions.of(COMMA, MAX_RECORD)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reading of(CsvReader reader) throws IOException {
        Reading reading = new Reading(reader.header(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        RecordBatch batch = new RecordBatch();
        soil(batch);
        while (reader.read(batch)) {
            reading.add(batch);
            soil(batch);
        }
        return reading;
    }

    /** A recycled batch holds anything, even marks. */
    private static void soil(RecordBatch batch) {
        byte[] b = batch.bytes();
        for (int i = 0; i < b.length; i++) {
            b[i] = (byte) "x,y\"".charAt(i % 4);
        }
    }

    private void add(RecordBatch batch) {
        rejects.addAll(batch.rejects());
        for (int r = 0; r < batch.size(); r++) {
            List<String> record = new ArrayList<>();
            for (int f = 0; f < header.size(); f++) {
                int start = batch.start(r, f);
                record.add(new String(batch.bytes(), start, batch.end(r, f) - start, UTF_8));
            }
            records.add(record);
            rows.add(batch.row(r));
        }
    }
}
