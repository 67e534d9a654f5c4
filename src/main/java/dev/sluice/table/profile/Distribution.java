package dev.sluice.table.profile;

import dev.sluice.table.profile.FrequentValues.Counted;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** How numbers are distributed: whole ones as longs, others as doubles, or as decimals where they are known exactly. There is at least one. */
interface Distribution {
    Number least();

    Number greatest();

    /** The least values that are no less than those shares of all. */
    Number[] at(double[] shares);

    /** How many values are less than each of some numbers, which ascend. */
    long[] below(Number[] numbers);

    /** By how much a share may be off, with 99 % confidence; 0 if all values are known. */
    double error();

    /** Of distinct values that were counted, all of them. */
    static Distribution of(List<Counted> values) {
        List<Counted> sorted =
                values.stream().sorted((a, b) -> a.value().compareTo(b.value())).toList();
        Number[] numbers = sorted.stream().map(f -> f.value().exactNumber()).toArray(Number[]::new);
        long[] upTo = sorted.stream().mapToLong(Counted::count).toArray();
        Arrays.parallelPrefix(upTo, Long::sum);
        return new Exact(numbers, upTo);
    }

    /** Exact: the distinct values in their order, and how many are no greater than each. */
    final class Exact implements Distribution {
        private final Number[] values;
        private final long[] upTo;

        private Exact(Number[] values, long[] upTo) {
            this.values = values;
            this.upTo = upTo;
        }

        @Override
        public Number least() {
            return values[0];
        }

        @Override
        public Number greatest() {
            return values[values.length - 1];
        }

        @Override
        public Number[] at(double[] shares) {
            long all = upTo[upTo.length - 1];
            return Arrays.stream(shares)
                    .mapToObj(share -> {
                        int i = Arrays.binarySearch(upTo, (long) Math.ceil(share * all));
                        return values[i < 0 ? -1 - i : i];
                    })
                    .toArray(Number[]::new);
        }

        @Override
        public long[] below(Number[] numbers) {
            return Arrays.stream(numbers).mapToLong(this::below).toArray();
        }

        private long below(Number number) {
            int first = 0;
            while (first < values.length && isLess(values[first], number)) {
                first++;
            }
            return first == 0 ? 0 : upTo[first - 1];
        }

        private static boolean isLess(Number a, Number b) {
            return a instanceof Long && b instanceof Long
                    ? a.longValue() < b.longValue()
                    : a.doubleValue() < b.doubleValue();
        }

        @Override
        public double error() {
            return 0;
        }
    }

    /** Whole counts from shares of all. */
    static long[] counts(double[] shares, int size, long all) {
        return LongStream.range(0, size)
                .map(i -> Math.round(shares[(int) i] * all))
                .toArray();
    }
}
