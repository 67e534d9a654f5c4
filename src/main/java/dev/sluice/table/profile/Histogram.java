package dev.sluice.table.profile;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many values lie in each of some bins of the same width.
 *
 * @param edges one more than counts, longs or doubles as the values are: a bin holds what is no less than its first and
 *     less than its second edge; the last bin of doubles also what is equal to that
 * @param counts as exact as quantiles are
 */
public record Histogram(List<Number> edges, List<Long> counts) {
    /** The most bins there are; of whole numbers fewer if fewer lie between the least and the greatest. */
    static final int BINS = 20;

    /** @param all how many values there are */
    static Histogram of(Distribution numbers, long all) {
        Number[] edges = numbers.least() instanceof Long
                ? wholeEdges(numbers.least().longValue(), numbers.greatest().longValue())
                : edges(numbers.least().doubleValue(), numbers.greatest().doubleValue());
        Number[] inner = Arrays.copyOfRange(edges, 1, edges.length - 1);
        long[] below = inner.length == 0 ? new long[0] : numbers.below(inner);
        List<Long> counts = IntStream.rangeClosed(0, below.length)
                .mapToObj(i -> (i == below.length ? all : below[i]) - (i == 0 ? 0 : below[i - 1]))
                .toList();
        return new Histogram(List.of(edges), counts);
    }

    private static Number[] wholeEdges(long least, long greatest) {
        BigInteger first = BigInteger.valueOf(least);
        BigInteger width = BigInteger.valueOf(greatest).subtract(first).add(BigInteger.ONE);
        int bins = width.min(BigInteger.valueOf(BINS)).intValue();
        return IntStream.rangeClosed(0, bins)
                .mapToObj(i -> width.multiply(BigInteger.valueOf(i))
                        .divide(BigInteger.valueOf(bins))
                        .add(first)
                        .min(BigInteger.valueOf(Long.MAX_VALUE))
                        .longValueExact())
                .toArray(Number[]::new);
    }

    private static Number[] edges(double least, double greatest) {
        double[] edges = IntStream.rangeClosed(0, BINS)
                .mapToDouble(
                        i -> i == BINS ? greatest : least * (1 - (double) i / BINS) + greatest * ((double) i / BINS))
                .toArray();
        boolean apart = IntStream.range(0, BINS).allMatch(i -> edges[i] < edges[i + 1]); // few doubles lie between
        return apart ? Arrays.stream(edges).boxed().toArray(Number[]::new) : new Number[] {least, greatest};
    }
}
