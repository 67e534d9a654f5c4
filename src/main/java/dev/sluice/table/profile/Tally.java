package dev.sluice.table.profile;

import dev.sluice.table.type.ColumnVector;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The distinct values of a column in one batch and how often each occurs there: what is asked of a value need be asked
 * once a batch. Recycled; owned by one thread.
 */
public final class Tally {
    /**
     * Any odd number, so that nobody can choose values that fall into one slot (Dietzfelbinger et al., "A Reliable Randomized
     * Algorithm for the Closest-Pair Problem", 1997).
     */
    private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;

    private int[] slots = new int[1024]; // of a hash table with linear probing: 1 + the index of a value, 0 for none
    private long[] keys = new long[slots.length / 2];
    private int[] records = new int[keys.length];
    private int[] counts = new int[keys.length];
    private int size;
    private int values;
    private int nulls;

    /** Counts the cells of the records from {@code from} up to {@code to}, and forgets what was counted before. */
    void count(ColumnVector cells, int from, int to) {
        reset(to - from);
        int shift = Long.SIZE - Integer.numberOfTrailingZeros(slots.length);
        for (int r = from; r < to; r++) {
            if (cells.isValue(r)) {
                values++;
                add(cells.key(r), r, shift);
            } else if (cells.isNull(r)) {
                nulls++;
            }
        }
    }

    private void reset(int cells) {
        if (keys.length < cells) {
            slots = new int[Integer.highestOneBit(cells) * 4];
            keys = new long[slots.length / 2];
            records = new int[keys.length];
            counts = new int[keys.length];
        } else {
            Arrays.fill(slots, 0);
        }
        size = 0;
        values = 0;
        nulls = 0;
    }

    private void add(long key, int r, int shift) {
        int slot = (int) (key * multiplier >>> shift);
        while (slots[slot] != 0) {
            int i = slots[slot] - 1;
            if (keys[i] == key) {
                counts[i]++;
                return;
            }
            slot = slot + 1 & slots.length - 1;
        }
        keys[size] = key;
        records[size] = r;
        counts[size] = 1;
        slots[slot] = ++size;
    }

    /** How many distinct values there are. */
    int size() {
        return size;
    }

    /** Cells that are a value. */
    int values() {
        return values;
    }

    /** Cells that are NULL. */
    int nulls() {
        return nulls;
    }

    /** The {@link ColumnVector#key} of the {@code i}th distinct value. */
    long key(int i) {
        return keys[i];
    }

    /** The first record with that value. */
    int record(int i) {
        return records[i];
    }

    int count(int i) {
        return counts[i];
    }
}
