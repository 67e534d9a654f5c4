package dev.sluice.ingest;

import dev.sluice.ingest.ProgressEvent.Stage;
import java.util.concurrent.TimeUnit;

/** How fast one source comes in: an exponentially weighted mean. Not thread-safe. */
final class Pace {
    /** Of the newest measurement. */
    private static final double WEIGHT = 0.3;

    private long lastBytes;
    private long lastNanos;
    private double perSecond;
    private boolean measured;

    /**
     * @param nanos now, as {@link System#nanoTime} counts
     */
    Pace(long nanos) {
        this.lastNanos = nanos;
    }

    /**
     * Measures the way since the last call, and says how far it is now.
     *
     * @param totalBytes {@code null} if unknown
     */
    ProgressEvent at(long bytes, Long totalBytes, long rows, long nanos) {
        return at(bytes, totalBytes, rows, nanos, Stage.of(bytes, totalBytes, rows));
    }

    ProgressEvent at(long bytes, Long totalBytes, long rows, long nanos, Stage stage) {
        measure(bytes, nanos);
        return new ProgressEvent(bytes, totalBytes, rows, Math.round(perSecond), secondsLeft(bytes, totalBytes), stage);
    }

    private void measure(long bytes, long nanos) {
        if (nanos <= lastNanos) {
            return;
        }
        double now = (bytes - lastBytes) * (double) TimeUnit.SECONDS.toNanos(1) / (nanos - lastNanos);
        perSecond = measured ? perSecond + WEIGHT * (now - perSecond) : now;
        measured = true;
        lastBytes = bytes;
        lastNanos = nanos;
    }

    private Long secondsLeft(long bytes, Long totalBytes) {
        if (totalBytes == null || perSecond < 1) {
            return null;
        }
        return (long) Math.ceil(Math.max(0, totalBytes - bytes) / perSecond);
    }
}
