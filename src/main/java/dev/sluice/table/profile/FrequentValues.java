package dev.sluice.table.profile;

import dev.sluice.table.profile.ColumnProfile.Frequent;
import dev.sluice.table.type.Cell;
import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.ColumnVector.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.datasketches.frequencies.FrequentLongsSketch;

/**
 * The most frequent values: a frequent-items sketch over {@linkplain ColumnVector#key keys}, and the texts of those that
 * may be shown.
 *
 * <p>Shown is a value of which the sketch knows more occurrences than it may have missed of any other (its lower bound is
 * above the maximum error). While a value is not met, its lower bound only falls and the error only grows; so one that
 * is shown in the end was above the error when it was met last, and it suffices to take the text then. Of two sketches
 * merged the bounds add up, so one of them has the text.
 */
final class FrequentValues {
    /** How many are shown. */
    static final int SHOWN = 10;

    private final FrequentLongsSketch counts;
    private final Map<Long, Cell> texts = new HashMap<>();

    /** @param size the length of the sketch's table, a power of two: the error is at most 3.5 / size of all values */
    FrequentValues(int size) {
        this(new FrequentLongsSketch(size));
    }

    private FrequentValues(FrequentLongsSketch counts) {
        this.counts = counts;
    }

    /**
     * Adds the value of a record, which occurs {@code times} times.
     *
     * @param mostText the bytes to keep of its text
     */
    void add(long key, long times, ColumnVector cells, int r, int mostText) {
        int items = counts.getNumActiveItems();
        counts.update(key, times);
        boolean isNew = counts.getNumActiveItems() > items; // so nothing was purged, and it is not looked for again
        long atLeast = isNew ? times : counts.getLowerBound(key);
        if (atLeast > counts.getMaximumError() && !texts.containsKey(key)) {
            texts.put(key, cells.cell(r).shortened(mostText));
            prune();
        }
    }

    private void prune() {
        if (texts.size() > 2 * counts.getMaximumMapCapacity()) {
            texts.keySet().removeIf(key -> counts.getLowerBound(key) <= counts.getMaximumError());
        }
    }

    void merge(FrequentValues other) {
        counts.merge(other.counts);
        other.texts.forEach(texts::putIfAbsent);
        prune();
    }

    /** The most frequent first; equally frequent ones in the order of their values. */
    List<Frequent> shown() {
        return texts.entrySet().stream()
                .filter(e -> counts.getLowerBound(e.getKey()) > counts.getMaximumError())
                .map(e -> new Frequent(e.getValue(), counts.getUpperBound(e.getKey())))
                .sorted(Comparator.comparingLong(Frequent::count).reversed().thenComparing(Frequent::value))
                .limit(SHOWN)
                .toList();
    }

    /** Whether all values of a batch can be counted beside those that were. */
    boolean hasRoomFor(Tally tally) {
        int room = counts.getMaximumMapCapacity() - size();
        return error() == 0
                && (tally.size() <= room
                        || IntStream.range(0, tally.size())
                                        .filter(i -> counts.getEstimate(tally.key(i)) == 0)
                                        .count()
                                <= room);
    }

    /** Whether all values of another can be counted beside those that were. */
    boolean hasRoomFor(FrequentValues other) {
        int room = counts.getMaximumMapCapacity() - size();
        return error() == 0
                && other.error() == 0
                && other.texts.keySet().stream()
                                .filter(key -> counts.getEstimate(key) == 0)
                                .count()
                        <= room;
    }

    /** A value with its {@linkplain ColumnVector#key key}, and how often it occurs. */
    record Counted(long key, Cell value, long count) {}

    /** All values with their counts, if the {@link #error} is 0. */
    List<Counted> counted() {
        return texts.entrySet().stream()
                .map(e -> new Counted(e.getKey(), e.getValue(), counts.getEstimate(e.getKey())))
                .toList();
    }

    /** How many distinct values there are, if the {@link #error} is 0. */
    int size() {
        return counts.getNumActiveItems();
    }

    /** How much too high a count may be; 0 if all are exact. */
    long error() {
        return counts.getMaximumError();
    }

    void write(DataOutput out) throws IOException {
        byte[] bytes = counts.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeInt(texts.size());
        for (Map.Entry<Long, Cell> e : texts.entrySet()) {
            out.writeLong(e.getKey());
            e.getValue().write(out);
        }
    }

    static FrequentValues read(Layout layout, DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        FrequentValues frequent = new FrequentValues(FrequentLongsSketch.getInstance(MemorySegment.ofArray(bytes)));
        for (int n = in.readInt(); n > 0; n--) {
            frequent.texts.put(in.readLong(), Cell.read(layout, in));
        }
        return frequent;
    }
}
