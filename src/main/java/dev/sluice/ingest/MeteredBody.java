package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * The bytes of a source: counted, hashed, and held to limits of size and rate. Read by one thread at a time, which a
 * {@link StopSignal} interrupts; {@link #bytes} may be asked by any.
 */
final class MeteredBody extends InputStream {
    private static final long TOLD = 8 * 1024 * 1024;

    private final InputStream in;
    private final StopSignal stop;
    private final LoadConfig limits;
    private final MinimumRate rate;
    private final MessageDigest sha256 = sha256();
    private volatile long bytes;
    private final LongConsumer taken;
    private long untold;
    private String hash;

    /** @param taken told of bytes, before or a little after they are read; may refuse them */
    MeteredBody(InputStream in, StopSignal stop, LoadConfig limits, LongConsumer taken) {
        this.in = in;
        this.stop = stop;
        this.limits = limits;
        this.rate = new MinimumRate(limits);
        this.taken = taken;
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    /** The hash of everything read, in hexadecimal. Only after the end. */
    String hash() {
        if (hash == null) {
            hash = HexFormat.of().formatHex(sha256.digest());
        }
        return hash;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code BODY_TOO_LARGE}, {@code SOURCE_TOO_SLOW}, {@code RATE_LIMITED}
     * @throws StoppedException if it was stopped
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        long before = System.nanoTime();
        int n;
        stop.enter();
        try {
            n = in.read(b, off, len);
        } finally {
            stop.leave();
        }
        long waited = System.nanoTime() - before;
        if (n < 0) {
            tell();
            return n;
        }
        sha256.update(b, off, n);
        long now = bytes + n;
        bytes = now;
        if (now > limits.maxSize().asLongValue()) {
            throw tooLarge(limits);
        }
        rate.check(waited, n);
        untold += n;
        if (untold >= TOLD) {
            tell();
        }
        return n;
    }

    /** Tells of the last bytes, however reading has ended. The source is closed by whoever opened it. */
    @Override
    public void close() {
        tell();
    }

    private void tell() {
        long bytesRead = untold;
        untold = 0;
        if (bytesRead > 0) {
            taken.accept(bytesRead);
        }
    }

    static ProblemException tooLarge(LoadConfig limits) {
        return new ProblemException(
                ErrorCode.BODY_TOO_LARGE,
                "A source has at most " + limits.maxSize().asLongValue() + " bytes.");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
