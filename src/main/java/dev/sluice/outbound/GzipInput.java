package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import java.io.IOException;
import java.util.zip.Inflater;

/** What stands around the deflated data of a gzip file: headers and numbers, read from the same buffer as the data. */
final class GzipInput {
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final ResumingBody in;
    private final byte[] buffer = new byte[32 * 1024];
    private int at;
    private int limit;

    GzipInput(ResumingBody in) {
        this.in = in;
    }

    /** Encoded bytes read so far. */
    long position() {
        return in.position();
    }

    /** Skips the header of a member; false if the input ends where one would begin. */
    boolean header() throws IOException {
        if (at == limit && !fill()) {
            return false;
        }
        if (littleEndian(2) != 0x8B1F || octet() != 8) {
            throw invalid(null);
        }
        int flags = octet();
        if ((flags & RESERVED) != 0) {
            throw invalid(null);
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(littleEndian(2));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        return true;
    }

    private void skip(long n) throws IOException {
        for (long i = 0; i < n; i++) {
            octet();
        }
    }

    private void skipText() throws IOException {
        int octet;
        do {
            octet = octet();
        } while (octet != 0);
    }

    /** An unsigned number of so many bytes. */
    long littleEndian(int octets) throws IOException {
        long number = 0;
        for (int i = 0; i < octets; i++) {
            number |= (long) octet() << 8 * i;
        }
        return number;
    }

    private int octet() throws IOException {
        if (at == limit && !fill()) {
            throw truncated();
        }
        return buffer[at++] & 0xFF;
    }

    /** Gives all that is buffered, at least a byte; {@link #unread} takes back what was not used. */
    void feed(Inflater inflater) throws IOException {
        if (at == limit && !fill()) {
            throw truncated();
        }
        inflater.setInput(buffer, at, limit - at);
        at = limit;
    }

    void unread(int n) {
        at = limit - n;
    }

    private boolean fill() throws IOException {
        at = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private FetchException truncated() {
        return FetchException.retryable(
                ErrorCode.SOURCE_TRUNCATED,
                "The body ended after " + in.position() + " bytes, in the middle of its gzip encoding.",
                null);
    }

    static FetchException invalid(Throwable cause) {
        return FetchException.permanent(
                ErrorCode.SOURCE_ENCODING_INVALID, "The body is not the gzip it is said to be.", cause);
    }
}
