package dev.sluice.table.format;

/** How many fields the first records of a text have in one dialect. Empty lines are no records. */
final class RecordShapes {
    private static final int MAX_RECORDS = 100;

    private final byte delimiter;
    private final byte quote;
    private final int[] fields = new int[MAX_RECORDS];
    private int records;

    private RecordShapes(byte delimiter, byte quote) {
        this.delimiter = delimiter;
        this.quote = quote;
    }

    /** @param complete whether the text ends with the buffer; else its last record is left out */
    static RecordShapes of(byte[] b, int from, int end, boolean complete, byte delimiter, byte quote) {
        RecordShapes shapes = new RecordShapes(delimiter, quote);
        Cut cut = new Cut(b, from, end, delimiter, quote);
        while (cut.at < end && shapes.records < MAX_RECORDS) {
            int found = cut.fields();
            boolean isCut = cut.at == end && !complete && shapes.records > 0;
            if (found > 0 && !isCut) {
                shapes.fields[shapes.records++] = found;
            }
        }
        return shapes;
    }

    byte delimiter() {
        return delimiter;
    }

    byte quote() {
        return quote;
    }

    /** Fields of the first record; 0 if there is none. */
    int header() {
        return fields[0];
    }

    /** Fields of the last record. */
    int last() {
        return records == 0 ? 0 : fields[records - 1];
    }

    /** The share of records with as many fields as the first. */
    double evenness() {
        int even = 0;
        for (int r = 0; r < records; r++) {
            even += fields[r] == fields[0] ? 1 : 0;
        }
        return records == 0 ? 0 : (double) even / records;
    }

    /** The evenness, then the number of fields; 0 if the first record is a single field. */
    double score() {
        return header() < 2 ? 0 : evenness() + header() / 1e6;
    }

    /** How many records at the end have as many fields as the last. */
    int agreeing() {
        int agreeing = 0;
        while (agreeing < records && fields[records - 1 - agreeing] == last()) {
            agreeing++;
        }
        return agreeing;
    }

    /** Whether at least two records, and most of all, agree with each other and not with the first. */
    boolean agreeBelowHeader() {
        return last() > 1 && last() != header() && agreeing() >= 2 && agreeing() > records / 2;
    }

    /** Goes over a text record by record. */
    private static final class Cut {
        private final byte[] b;
        private final int end;
        private final byte delimiter;
        private final byte quote;
        private int at;

        private Cut(byte[] b, int from, int end, byte delimiter, byte quote) {
            this.b = b;
            this.at = from;
            this.end = end;
            this.delimiter = delimiter;
            this.quote = quote;
        }

        /** Passes over one record; how many fields it has, 0 for an empty line. */
        private int fields() {
            int from = at;
            int fields = 1;
            boolean atFieldStart = true;
            while (at < end) {
                byte c = b[at++];
                if (atFieldStart && c == quote) {
                    skipQuoted();
                } else if (c == '\n' || c == '\r') {
                    if (c == '\r' && at < end && b[at] == '\n') {
                        at++;
                    }
                    return fields == 1 && b[from] == c ? 0 : fields;
                }
                atFieldStart = c == delimiter;
                fields += atFieldStart ? 1 : 0;
            }
            return fields;
        }

        private void skipQuoted() {
            while (at < end) {
                if (b[at++] == quote) {
                    if (at == end || b[at] != quote) {
                        return;
                    }
                    at++;
                }
            }
        }
    }
}
