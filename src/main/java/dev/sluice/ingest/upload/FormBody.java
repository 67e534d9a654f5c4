package dev.sluice.ingest.upload;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a form, with a limit on those outside the file. */
final class FormBody extends FilterInputStream {
    private long left;
    private boolean ended;

    FormBody(InputStream in, int most) {
        super(in);
        this.left = most;
    }

    void allowAnything() {
        left = Long.MAX_VALUE;
    }

    /** Allows {@code most} more bytes. */
    void allow(int most) {
        left = most;
    }

    /** Whether the body has been read to its end. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code BODY_TOO_LARGE}
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        ended |= n < 0;
        left -= Math.max(0, n);
        if (left < 0) {
            throw new ProblemException(
                    ErrorCode.BODY_TOO_LARGE,
                    "Besides its file a form has at most " + FormFile.MAX_BESIDE + " bytes before and after it.");
        }
        return n;
    }

    /** What follows the closing boundary means nothing, but has to be as long as was announced. */
    void skipRest() throws IOException {
        byte[] rest = new byte[1024];
        while (!ended) {
            read(rest, 0, rest.length);
        }
    }
}
