package dev.sluice.ingest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an entry in a Redis stream: milliseconds and a number within them, both unsigned 64-bit. Its order is the order
 * of the stream, which that of its text is not.
 */
record StreamId(long millis, long sequence) implements Comparable<StreamId> {
    /** Before every entry. */
    static final StreamId ZERO = new StreamId(0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,20})-(\\d{1,20})");

    /** Reads an id as Redis writes it; empty if it is none. */
    static Optional<StreamId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new StreamId(Long.parseUnsignedLong(parts.group(1)), Long.parseUnsignedLong(parts.group(2))));
        } catch (NumberFormatException e) {
            return Optional.empty(); // more than 64 bits
        }
    }

    static StreamId min(StreamId a, StreamId b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    boolean isAfter(StreamId other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(StreamId other) {
        int byMillis = Long.compareUnsigned(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
