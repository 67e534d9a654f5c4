package dev.sluice.table.type;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.format.RecordBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the type of one column and reads its cells as that type.
 *
 * <p>Cells of a sample are {@linkplain #observe observed}, then the type is {@linkplain #decide decided}; after that
 * each cell is {@linkplain #accept accepted}. A cell that is not accepted is observed
 * too, which widens the type to the next that holds everything seen so far. Owned by one thread.
 */
public final class ColumnTyper {
    private final List<RuledOut> ruledOut = new ArrayList<>();

    /** The name of the type that it has to be; {@code null} if its cells decide. */
    private final String pin;

    private final TypeOptions options;
    private List<CellParser> candidates = List.of();

    /** Reads all numbers of a sample as doubles: whether digits survive that is too dear to ask of every later cell. */
    private DoubleParser doubles;

    /** The cell from which on there was more to tell than it says. */
    private long doubtRow;

    private String doubtValue;

    /** {@code null} while all cells are NULL. */
    private CellParser parser;

    /** {@code null} while no cell is NULL. */
    private NullToken nullToken;

    private boolean isNull;

    /** Of a column of which nothing is said. */
    ColumnTyper() {
        this(null, TypeOptions.none());
    }

    /** @param pin the name of the type that it has to be; {@code null} if its cells decide */
    public ColumnTyper(String pin, TypeOptions options) {
        this.pin = pin;
        this.options = options;
        if (ColumnType.Text.NAME.equals(pin)) {
            become(List.of(new TextParser()));
        }
    }

    /** Whether its cells do not decide its type, so that some may not be of it. */
    public boolean isPinned() {
        return pin != null;
    }

    /**
     * Learns from a cell, leaving the types that it rules out.
     *
     * @param row 1-based record number
     */
    public void observe(long row, byte[] b, int off, int len, boolean quoted) {
        if (parser instanceof TextParser) {
            return;
        }
        NullToken token = NullToken.of(b, off, len, quoted);
        boolean mayBeNull = token != null && (nullToken == null || nullToken == token);
        if (candidates.isEmpty()) {
            if (mayBeNull) {
                nullToken = token;
                return;
            }
            doubtRow = row;
            doubtValue = Excerpt.of(b, off, len);
            candidates = looks(b, off, len);
            if (candidates.isEmpty() && pin != null) {
                return;
            }
            if (candidates.isEmpty()) {
                become(List.of(new TextParser()));
                return;
            }
            doubles = new DoubleParser();
        }
        if (doubles != null && !mayBeNull && (len == 0 || !doubles.accept(b, off, len))) {
            doubles = null;
        }
        int accepting = len == 0 ? 0 : accepting(b, off, len);
        if (accepting == candidates.size()) {
            return;
        }
        if (accepting == 0 && mayBeNull) {
            nullToken = token;
            return;
        }
        List<CellParser> left = len == 0
                ? List.of()
                : candidates.stream().flatMap(p -> readings(p, b, off, len)).toList();
        if (pin != null) {
            left = Look.asPinned(pin, left, b, off, len);
            if (left.isEmpty()) {
                return;
            }
        }
        if (left.isEmpty()) {
            left = List.of(doubles != null ? doubles : new TextParser());
        }
        String narrowest = candidates.getFirst().type().name();
        if (left.stream().noneMatch(p -> p.type().name().equals(narrowest))) {
            ruledOut.add(new RuledOut(narrowest, row, Excerpt.of(b, off, len), null));
        }
        if (left.size() > candidates.size()) {
            doubtRow = row;
            doubtValue = Excerpt.of(b, off, len);
        }
        become(left);
    }

    private List<CellParser> looks(byte[] b, int off, int len) {
        if (len == 0) {
            return List.of();
        }
        if (pin != null) {
            return Look.pinned(pin, options.byValue(), b, off, len);
        }
        ValueParser integers = new ValueParser(true);
        ValueParser decimals = new ValueParser(false);
        if (options.byValue() && decimals.accept(b, off, len)) {
            return List.of(integers.accept(b, off, len) ? integers : decimals);
        }
        return Look.of(b, off, len);
    }

    /** How many candidates accept the cell. */
    private int accepting(byte[] b, int off, int len) {
        int accepting = 0;
        for (CellParser candidate : candidates) {
            accepting += candidate.accept(b, off, len) ? 1 : 0;
        }
        return accepting;
    }

    /** The candidate if it accepts the cell, else the next wider types that hold the cell and all before. */
    private static Stream<CellParser> readings(CellParser candidate, byte[] b, int off, int len) {
        if (candidate.accept(b, off, len)) {
            return Stream.of(candidate);
        }
        CellParser wider = candidate.widened();
        while (!wider.accept(b, off, len)) {
            wider = wider.widened();
        }
        return Stream.concat(
                Stream.of(wider).filter(p -> !(p instanceof TextParser)), candidate.others(b, off, len).stream());
    }

    private void become(List<CellParser> left) {
        candidates = left;
        CellParser first = left.getFirst();
        if (parser != null || first instanceof TextParser) {
            parser = first;
        }
        if (first instanceof TextParser) {
            nullToken = NullToken.EMPTY;
        }
    }

    /** Settles on a type for what was observed. What stays unproven becomes text, and says why. */
    public void decide() {
        doubles = null; // it sees no more cells
        if (candidates.isEmpty()) {
            if (pin == null && nullToken != null && nullToken != NullToken.EMPTY) {
                become(List.of(new TextParser())); // nothing but words for NULL: they are all there is to keep
            }
            return;
        }
        if (options.dateOrder() != null && candidates.size() > 1) {
            candidates = candidates.stream()
                    .sorted(Comparator.comparing(p -> !p.isOrdered(options.dateOrder())))
                    .toList();
        }
        CellParser first = candidates.getFirst();
        boolean explained =
                first.explained() || ColumnType.BigInt.NAME.equals(pin); // then a comma cannot be a decimal one
        boolean decided = explained
                && (candidates.size() == 1
                        || first instanceof NumericParser // a point alone is a decimal point
                        || first.isOrdered(options.dateOrder()));
        if (pin != null && !decided) {
            throw new ProblemException(
                    ErrorCode.OPTION_INVALID,
                    "A column cannot be read as " + pin + ": " + first.doubt() + " (the first such cell is '"
                            + doubtValue + "').",
                    new Position(doubtRow, null, null, doubtValue));
        }
        if (decided && (first.proven() || pin != null)) {
            become(List.of(first));
            parser = first;
        } else {
            ruledOut.add(new RuledOut(first.type().name(), doubtRow, doubtValue, first.doubt()));
            become(List.of(new TextParser()));
        }
    }

    /**
     * Takes the one type that no later cell can change: text.
     *
     * @param row where it was decided, 1-based
     */
    public void settle(long row) {
        if (pin != null || parser instanceof TextParser) {
            return;
        }
        if (parser != null) {
            ruledOut.add(new RuledOut(type().name(), row, "", "columns of this table were widened too often"));
        }
        become(List.of(new TextParser()));
    }

    /**
     * Reads the cells of a column as the type decided on.
     *
     * @return the first record from {@code from} on whose cell is not of that type, or {@code to}
     */
    public int accept(RecordBatch batch, int column, int from, int to, ColumnVector out) {
        out.reset(batch, parser);
        byte[] b = batch.bytes();
        for (int r = from; r < to; r++) {
            int off = batch.start(r, column);
            int len = batch.end(r, column) - off;
            if (!accept(b, off, len, batch.quoted(r, column))) {
                if (pin == null || teaches(b, off, len)) {
                    return r;
                }
                out.setMisfit(r);
            } else if (isNull) {
                out.setNull(r);
            } else {
                out.set(r, parser.value, parser.second);
            }
        }
        return to;
    }

    /** Reads all cells of a column as they are stored: NULL is an empty cell without quotes, whatever it was in the source. */
    public void readStored(RecordBatch batch, int column, ColumnVector out) {
        out.reset(batch, parser);
        for (int r = 0; r < batch.size(); r++) {
            int off = batch.start(r, column);
            int len = batch.end(r, column) - off;
            if (len == 0 && !batch.quoted(r, column)) {
                out.setNull(r);
            } else if (parser.accept(batch.bytes(), off, len)) {
                out.set(r, parser.value, parser.second);
            } else {
                throw new IllegalStateException(
                        "a stored " + type().name() + " came back as " + Excerpt.of(batch.bytes(), off, len));
            }
        }
    }

    /** Whether a cell that is not accepted would be once it was observed. */
    private boolean teaches(byte[] b, int off, int len) {
        return len > 0
                && (candidates.isEmpty()
                        ? !looks(b, off, len).isEmpty()
                        : !Look.asPinned(
                                        pin,
                                        readings(candidates.getFirst(), b, off, len)
                                                .toList(),
                                        b,
                                        off,
                                        len)
                                .isEmpty());
    }

    /** Whether the decided type holds this cell, or it is the column's NULL. */
    boolean accept(byte[] b, int off, int len, boolean quoted) {
        if (len > 0 && parser != null && parser.accept(b, off, len)) {
            isNull = false;
            return true;
        }
        return acceptOther(b, off, len, quoted);
    }

    /** Whether the cell accepted last is NULL. */
    boolean isNull() {
        return isNull;
    }

    /** Whether it is the column's NULL, or an empty text. */
    private boolean acceptOther(byte[] b, int off, int len, boolean quoted) {
        if (parser instanceof TextParser text) {
            isNull = !quoted;
            return text.accept(b, off, 0);
        }
        NullToken token = NullToken.of(b, off, len, quoted);
        if (token == null
                || nullToken != null && nullToken != token
                || pin == null && parser == null && (len > 0 || quoted)) {
            return false;
        }
        nullToken = token;
        isNull = true;
        return true;
    }

    /** Whether a record's cell is NULL in the table: it says so, or it is not of the type that the column has to be. */
    public boolean isNull(RecordBatch batch, int r, int column) {
        int off = batch.start(r, column);
        return !accept(batch.bytes(), off, batch.end(r, column) - off, batch.quoted(r, column)) || isNull;
    }

    /** The type decided on; while all cells are NULL the one it has to be, or else text. */
    public ColumnType type() {
        return parser != null ? parser.type() : pin != null ? ColumnType.of(pin) : new ColumnType.Text();
    }

    /** Alignment in a heap tuple; see {@link CellParser#alignment}. */
    public int alignment() {
        return parser == null ? 0 : parser.alignment();
    }

    /** The cell text that stands for NULL, as the catalog keeps it. */
    public String nullToken() {
        return nullToken == null ? null : nullToken.text();
    }

    public List<RuledOut> ruledOut() {
        return List.copyOf(ruledOut);
    }
}
