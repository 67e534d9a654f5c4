package dev.sluice.table.profile;

import dev.sluice.table.profile.FrequentValues.Counted;
import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.ColumnVector.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/** What is known of a column that has too many distinct values to count each. Of text only the number of them. */
final class Sketches {
    private final Layout layout;
    private final Moments moments;
    private HllSketch distinct;
    private final QuantilesSketch quantiles; // null where values are no numbers

    Sketches(Layout layout, Sizes sizes) {
        this(
                layout,
                new HllSketch(sizes.lgRegisters(), TgtHllType.HLL_8),
                new Moments(),
                layout.isNumber() ? QuantilesSketch.of(layout, sizes.k()) : null);
    }

    private Sketches(Layout layout, HllSketch distinct, Moments moments, QuantilesSketch quantiles) {
        this.layout = layout;
        this.distinct = distinct;
        this.moments = moments;
        this.quantiles = quantiles;
    }

    /** Adds a value that was counted. */
    void add(Counted value) {
        distinct.update(value.key());
        if (quantiles != null) {
            quantiles.add(value.value().number(), value.count());
            moments.add(value.value().number(), value.count());
        }
    }

    /** Adds the values of a batch. */
    void add(ColumnVector cells, int from, int to, Tally tally) {
        for (int i = 0; i < tally.size(); i++) {
            distinct.update(tally.key(i));
            if (layout.isWhole()) {
                moments.add(cells.value(tally.record(i)), tally.count(i));
            } else if (quantiles != null) {
                moments.add(cells.number(tally.record(i)), tally.count(i));
            }
        }
        if (quantiles != null) {
            quantiles.add(cells, from, to);
        }
    }

    void merge(Sketches other) {
        HllUnion union = new HllUnion(Math.min(distinct.getLgConfigK(), other.distinct.getLgConfigK()));
        union.update(distinct);
        union.update(other.distinct);
        distinct = union.getResult(TgtHllType.HLL_8);
        if (quantiles != null) {
            quantiles.merge(other.quantiles);
            moments.merge(other.moments);
        }
    }

    HllSketch distinct() {
        return distinct;
    }

    Moments moments() {
        return moments;
    }

    /** The numbers, unless there are none or one is beyond the range of a double; {@code null} then. */
    Distribution numbers(long count) {
        return quantiles != null && quantiles.size() == count ? quantiles : null;
    }

    void write(DataOutput out) throws IOException {
        byte[] registers = distinct.toCompactByteArray();
        out.writeInt(registers.length);
        out.write(registers);
        moments.write(out);
        if (quantiles != null) {
            quantiles.write(out);
        }
    }

    static Sketches read(Layout layout, DataInput in) throws IOException {
        byte[] registers = new byte[in.readInt()];
        in.readFully(registers);
        return new Sketches(
                layout,
                HllSketch.heapify(registers),
                Moments.read(in),
                layout.isNumber() ? QuantilesSketch.read(layout, in) : null);
    }
}
