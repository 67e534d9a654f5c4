package dev.sluice.table.format;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the dialect of a text by its beginning: the delimiter that cuts its first records most evenly, and whether a text
 * with tabs has quotes. Refuses a text whose first line is no header of the lines below.
 */
final class DialectSniffer {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] DELIMITERS = {',', ';', '\t', '|'};

    private final byte[] b;
    private final int end;
    private final boolean complete;
    private final int start;

    /** What a line {@code sep=;} above the header says; {@code null} if there is none. */
    private Byte declared;

    /** @param complete whether the text ends with the buffer */
    DialectSniffer(byte[] b, int to, boolean complete) {
        this.b = b;
        this.end = to;
        this.complete = complete;
        this.start = skipDeclaration(skipByteOrderMark());
    }

    /** Where the first record begins: behind a byte order mark, and behind a line {@code sep=;} as Excel writes it. */
    int start() {
        return start;
    }

    private int skipByteOrderMark() {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (i >= end || b[i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    private int skipDeclaration(int from) {
        int at = from;
        for (char c : "sep=".toCharArray()) {
            if (at >= end || (b[at++] | 0x20) != (c | 0x20)) {
                return from;
            }
        }
        if (at + 1 >= end || b[at + 1] != '\n' && b[at + 1] != '\r') {
            return from;
        }
        declared = b[at];
        at++;
        return at + 1 < end && b[at] == '\r' && b[at + 1] == '\n' ? at + 2 : at + 1;
    }

    /**
     * The dialect of the text, as far as it is not said: comma if it has a single column.
     *
     * @throws ProblemException {@code HEADER_UNCERTAIN} if the first line is cut into another number of fields than the
     *     lines below, and nothing is said of the header
     */
    Dialect dialect(CsvOptions said) {
        List<RecordShapes> candidates = candidates(said);
        RecordShapes best = candidates.stream()
                .max(Comparator.comparingDouble(RecordShapes::score))
                .filter(shapes -> shapes.score() > 0)
                .orElse(candidates.getFirst());
        RecordShapes asDeclared = candidates.stream()
                .filter(shapes -> declared != null && shapes.delimiter() == declared && shapes.score() > 0)
                .findFirst()
                .orElse(best);
        if (said.header() == Header.UNSAID) {
            refuseTitle(asDeclared, candidates);
        }
        return new Dialect(asDeclared.delimiter(), asDeclared.quote(), said.header() != Header.ABSENT);
    }

    private List<RecordShapes> candidates(CsvOptions said) {
        List<RecordShapes> candidates = new ArrayList<>();
        if (said.delimiter() != null) {
            candidates.add(shapes(said.delimiter(), said.quote()));
            return candidates;
        }
        for (byte delimiter : DELIMITERS) {
            candidates.add(shapes(delimiter, said.quote()));
        }
        boolean usable = declared != null && declared > ' ' && declared < 0x7F && declared != Dialect.DEFAULT_QUOTE;
        if (usable && candidates.stream().noneMatch(shapes -> shapes.delimiter() == declared)) {
            candidates.add(shapes(declared, said.quote()));
        }
        return candidates;
    }

    private RecordShapes shapes(byte delimiter, Byte quote) {
        if (quote != null) {
            return RecordShapes.of(b, start, end, complete, delimiter, quote);
        }
        RecordShapes quoted = RecordShapes.of(b, start, end, complete, delimiter, Dialect.DEFAULT_QUOTE);
        if (delimiter != '\t') {
            return quoted;
        }
        // Unix tools write quotes as letters, spreadsheets write them around cells.
        RecordShapes plain = RecordShapes.of(b, start, end, complete, delimiter, Dialect.NO_QUOTE);
        boolean evident = quoted.evenness() > plain.evenness()
                || quoted.evenness() == plain.evenness() && QuotedCells.areEvident(b, start, end, delimiter);
        return evident ? quoted : plain;
    }

    /** A table of one column, or one that hardly any record fits, is not what lines mean that agree with each other. */
    private void refuseTitle(RecordShapes found, List<RecordShapes> candidates) {
        if (found.header() > 1 && found.evenness() >= 0.5) {
            return;
        }
        candidates.stream()
                .filter(RecordShapes::agreeBelowHeader)
                .max(Comparator.comparingInt(RecordShapes::agreeing).thenComparingInt(RecordShapes::last))
                .ifPresent(below -> {
                    throw new ProblemException(
                            ErrorCode.HEADER_UNCERTAIN,
                            "The first line has " + fields(below.header()) + ", and " + below.agreeing()
                                    + " of the lines below have " + fields(below.last()) + ", if '"
                                    + (below.delimiter() == '\t' ? "tab" : Character.toString(below.delimiter()))
                                    + "' is the delimiter. Remove what stands above the header; or say header=true and"
                                    + " the delimiter if it is right.",
                            new Position(null, (long) start, null, firstLine()));
                });
    }

    private static String fields(int count) {
        return count == 1 ? "1 field" : count + " fields";
    }

    private String firstLine() {
        int to = start;
        while (to < end && b[to] != '\n' && b[to] != '\r') {
            to++;
        }
        return RejectedRecord.shortened(b, start, to);
    }
}
