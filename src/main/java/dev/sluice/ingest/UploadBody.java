package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The body of an upload: counted, hashed, and held to its limits of size, rate and completeness. Read by one thread at a
 * time; {@link #bytes} may be asked by any.
 */
final class UploadBody extends InputStream {
    private final InputStream in;
    private final Long length;
    private final UploadConfig limits;
    private final MessageDigest sha256 = sha256();
    private volatile long bytes;
    private long waitedNanos;

    /**
     * @param length as the client announced it; {@code null} if it did not
     */
    UploadBody(InputStream in, Long length, UploadConfig limits) {
        this.in = in;
        this.length = length;
        this.limits = limits;
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    /** The hash of everything read, in hexadecimal. Once only, after the end. */
    String hash() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code BODY_TOO_LARGE}, {@code BODY_INCOMPLETE}, {@code UPLOAD_TOO_SLOW}
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        long before = System.nanoTime();
        int n;
        try {
            n = in.read(b, off, len);
        } catch (IOException e) {
            throw incomplete(e);
        }
        waitedNanos += System.nanoTime() - before;
        if (n < 0) {
            if (length != null && bytes < length) {
                throw incomplete(null);
            }
            return n;
        }
        sha256.update(b, off, n);
        long now = bytes + n;
        bytes = now;
        if (now > limits.maxSize().asLongValue()) {
            throw tooLarge(limits);
        }
        checkRate();
        return n;
    }

    private void checkRate() {
        if (waitedNanos > limits.minimumRateAfter().toNanos()
                && bytes < waitedNanos / 1e9 * limits.minimumRate().asLongValue()) {
            throw new ProblemException(
                    ErrorCode.UPLOAD_TOO_SLOW,
                    "After " + waitedNanos / 1_000_000_000 + " s of waiting there were " + bytes
                            + " bytes; the least is " + limits.minimumRate().asLongValue() + " a second.");
        }
    }

    private ProblemException incomplete(IOException cause) {
        ProblemException problem = new ProblemException(
                ErrorCode.BODY_INCOMPLETE, "The body ended after " + bytes + " bytes, before it was complete.");
        problem.initCause(cause);
        return problem;
    }

    static ProblemException tooLarge(UploadConfig limits) {
        return new ProblemException(
                ErrorCode.BODY_TOO_LARGE,
                "An upload has at most " + limits.maxSize().asLongValue() + " bytes.");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
