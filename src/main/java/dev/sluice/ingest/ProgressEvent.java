package dev.sluice.ingest;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The data of a {@code progress} event.
 *
 * @param totalBytes {@code null} if the source did not say
 * @param bytesPerSecond as of late
 * @param secondsLeft at that rate; {@code null} if unknown
 */
@RegisterForReflection
record ProgressEvent(long bytes, Long totalBytes, long rows, long bytesPerSecond, Long secondsLeft, Stage stage) {

    /** The constants are written to the API as they are. */
    enum Stage {
        /** Too little is here to begin. */
        receiving,
        /** Rows go to the database. */
        loading,
        /** All of the source is here; the table is being completed and published. */
        publishing;

        static Stage of(long bytes, Long totalBytes, long rows) {
            if (totalBytes != null && bytes >= totalBytes) {
                return publishing;
            }
            return rows > 0 ? loading : receiving;
        }
    }

    /** Whether nobody would see a difference. */
    boolean sameNumbers(ProgressEvent other) {
        return other != null && bytes == other.bytes && rows == other.rows && stage == other.stage;
    }
}
