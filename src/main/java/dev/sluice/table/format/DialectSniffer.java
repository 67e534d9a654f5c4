package dev.sluice.table.format;

/** Finds the delimiter of a text: the one that cuts its first records most evenly. */
final class DialectSniffer {
    private static final byte[] DELIMITERS = {',', ';', '\t', '|'};
    private static final int MAX_RECORDS = 100;

    private final byte[] b;
    private final int end;
    private final boolean complete;
    private int at;

    private DialectSniffer(byte[] b, int from, int end, boolean complete) {
        this.b = b;
        this.at = from;
        this.end = end;
        this.complete = complete;
    }

    /**
     * The dialect of a text; comma if it has a single column.
     *
     * @param complete whether the text ends with the buffer
     */
    static Dialect sniff(byte[] b, int from, int to, boolean complete) {
        byte best = DELIMITERS[0];
        double bestScore = 0;
        for (byte delimiter : DELIMITERS) {
            double score = new DialectSniffer(b, from, to, complete).score(delimiter);
            if (score > bestScore) {
                best = delimiter;
                bestScore = score;
            }
        }
        return new Dialect(best, Dialect.DEFAULT_QUOTE);
    }

    /** The share of records with as many fields as the header, then that number; 0 if the header is a single field. */
    private double score(byte delimiter) {
        int header = fields(delimiter);
        if (header < 2) {
            return 0;
        }
        int records = 1;
        int even = 1;
        while (at < end && records < MAX_RECORDS) {
            int found = fields(delimiter);
            if (at == end && !complete) {
                break; // cut by the end of the buffer
            }
            if (found > 0) {
                records++;
                even += found == header ? 1 : 0;
            }
        }
        return (double) even / records + header / 1e6;
    }

    /** Passes over one record; how many fields it has, 0 for an empty line. */
    private int fields(byte delimiter) {
        int from = at;
        int fields = 1;
        boolean atFieldStart = true;
        while (at < end) {
            byte c = b[at++];
            if (atFieldStart && c == Dialect.DEFAULT_QUOTE) {
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
            if (b[at++] == Dialect.DEFAULT_QUOTE) {
                if (at == end || b[at] != Dialect.DEFAULT_QUOTE) {
                    return;
                }
                at++;
            }
        }
    }
}
