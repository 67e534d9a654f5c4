package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request as the client announced it: shorter is an error, and so is slower than the least rate. */
final class UploadStream extends FilterInputStream {
    private final Long length;
    private final MinimumRate rate;
    private long bytes;

    /** @param length as announced; {@code null} if it was not */
    UploadStream(InputStream in, Long length, LoadConfig limits) {
        super(in);
        this.length = length;
        this.rate = new MinimumRate(limits);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code BODY_INCOMPLETE}, {@code SOURCE_TOO_SLOW}
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0; // the server's stream would wait for more
        }
        long before = System.nanoTime();
        int n;
        try {
            n = in.read(b, off, len);
        } catch (IOException e) {
            throw incomplete(e);
        }
        if (n < 0 && length != null && bytes < length) {
            throw incomplete(null);
        }
        if (n > 0) {
            bytes += n;
            rate.check(System.nanoTime() - before, n);
        }
        return n;
    }

    private ProblemException incomplete(IOException cause) {
        ProblemException problem = new ProblemException(
                ErrorCode.BODY_INCOMPLETE, "The body ended after " + bytes + " bytes, before it was complete.");
        problem.initCause(cause);
        return problem;
    }
}
