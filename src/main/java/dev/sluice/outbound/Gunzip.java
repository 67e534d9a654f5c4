package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousCloseException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes gzip (RFC 1952) of any number of members, within a limit of expansion. The JDK's own stream asks {@code available()} whether a
 * further member follows, which on a network means nothing, and recurses for each empty member. One thread reads; any may
 * close once that one is no longer blocked.
 */
final class Gunzip extends InputStream {
    private final GzipInput in;
    private final OutboundConfig limits;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean inMember;
    private boolean closed;
    private long memberBytes;
    private long bytes;

    Gunzip(ResumingBody in, OutboundConfig limits) {
        this.in = new GzipInput(in);
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws FetchException {@code EXPANSION_LIMIT}, {@code SOURCE_ENCODING_INVALID}, and what the encoded body throws
     */
    @Override
    public synchronized int read(byte[] b, int off, int len) throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        if (len == 0) {
            return 0;
        }
        while (inMember || begin()) {
            int n = inflate(b, off, len);
            if (n > 0) {
                crc.update(b, off, n);
                memberBytes += n;
                bytes += n;
                checkExpansion();
                return n;
            }
            if (inflater.finished()) {
                end();
            } else if (inflater.needsInput()) {
                in.feed(inflater);
            } else {
                throw GzipInput.invalid(null);
            }
        }
        return -1;
    }

    private boolean begin() throws IOException {
        if (!in.header()) {
            return false;
        }
        inflater.reset();
        crc.reset();
        memberBytes = 0;
        inMember = true;
        return true;
    }

    private int inflate(byte[] b, int off, int len) throws FetchException {
        try {
            return inflater.inflate(b, off, len);
        } catch (DataFormatException e) {
            throw GzipInput.invalid(e);
        }
    }

    private void end() throws IOException {
        in.unread(inflater.getRemaining());
        inMember = false;
        if (in.littleEndian(4) != crc.getValue() || in.littleEndian(4) != (memberBytes & 0xFFFF_FFFFL)) {
            throw GzipInput.invalid(null);
        }
    }

    private void checkExpansion() throws FetchException {
        if (bytes > limits.maxSize().asLongValue()
                || bytes > limits.expansionFree().asLongValue() && bytes / limits.expansionRatio() > in.position()) {
            throw FetchException.permanent(
                    ErrorCode.EXPANSION_LIMIT,
                    in.position() + " bytes expanded to " + bytes + "; a body may be " + limits.expansionRatio()
                            + " times as large decoded as it was sent, and have "
                            + limits.maxSize().asLongValue() + " bytes.",
                    null);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        inflater.end();
    }
}
