package dev.sluice.table.profile;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Mean and standard deviation in one pass, without the cancellation of sums of squares (Chan, Golub and LeVeque,
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
 */
final class Moments {
    private long count;
    private long origin; // of whole numbers the first, so that the others' distances from it lose no digit
    private double mean; // less the origin
    private double squares; // of the distances from the mean, summed up

    /** Adds a value that occurs {@code times} times. */
    void add(double value, long times) {
        merge(times, value, 0);
    }

    /** Adds a long or a double that occurs {@code times} times. */
    void add(Number number, long times) {
        if (number instanceof Long whole) {
            add(whole.longValue(), times);
        } else {
            add(number.doubleValue(), times);
        }
    }

    /** Adds a whole number that occurs {@code times} times. */
    void add(long value, long times) {
        if (count == 0) {
            origin = value;
        }
        merge(times, distance(value), 0);
    }

    void merge(Moments other) {
        if (count == 0) {
            origin = other.origin;
        }
        if (other.count > 0) {
            merge(other.count, other.mean + distance(other.origin), other.squares);
        }
    }

    private double distance(long value) {
        long distance = value - origin;
        boolean overflown = ((value ^ origin) & (value ^ distance)) < 0;
        return overflown ? (double) value - origin : distance;
    }

    private void merge(long n, double otherMean, double otherSquares) {
        long all = count + n;
        double distance = otherMean - mean;
        double share = (double) n / all;
        squares += otherSquares + distance * distance * share * count;
        mean += distance * share;
        count = all;
    }

    /** NaN if there is no value, or one beyond the range of a double. */
    double mean() {
        return count == 0 || !Double.isFinite(mean) ? Double.NaN : origin + mean;
    }

    /** Of a sample (divided by n - 1); NaN if there are fewer than two values, or one beyond the range of a double. */
    double deviation() {
        return count < 2 || !Double.isFinite(squares) ? Double.NaN : Math.sqrt(squares / (count - 1));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeLong(origin);
        out.writeDouble(mean);
        out.writeDouble(squares);
    }

    static Moments read(DataInput in) throws IOException {
        Moments moments = new Moments();
        moments.count = in.readLong();
        moments.origin = in.readLong();
        moments.mean = in.readDouble();
        moments.squares = in.readDouble();
        return moments;
    }
}
