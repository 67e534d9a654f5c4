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
    private double mean;
    private double squares; // of the distances from the mean, summed up

    /** Adds a value that occurs {@code times} times. */
    void add(double value, long times) {
        merge(times, value, 0);
    }

    void merge(Moments other) {
        if (other.count > 0) {
            merge(other.count, other.mean, other.squares);
        }
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
        return count == 0 || !Double.isFinite(mean) ? Double.NaN : mean;
    }

    /** Of a sample (divided by n - 1); NaN if there are fewer than two values, or one beyond the range of a double. */
    double deviation() {
        return count < 2 || !Double.isFinite(squares) ? Double.NaN : Math.sqrt(squares / (count - 1));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeDouble(mean);
        out.writeDouble(squares);
    }

    static Moments read(DataInput in) throws IOException {
        Moments moments = new Moments();
        moments.count = in.readLong();
        moments.mean = in.readDouble();
        moments.squares = in.readDouble();
        return moments;
    }
}
