package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request as the client announced it: shorter is an error. */
final class UploadStream extends FilterInputStream {
    private final Long length;
    private long bytes;

    /** @param length as announced; {@code null} if it was not */
    UploadStream(InputStream in, Long length) {
        super(in);
        this.length = length;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code BODY_INCOMPLETE}
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0; // the server's stream would wait for more
        }
        int n;
        try {
            n = in.read(b, off, len);
        } catch (IOException e) {
            throw incomplete(e);
        }
        if (n < 0 && length != null && bytes < length) {
            throw incomplete(null);
        }
        bytes += Math.max(0, n);
        return n;
    }

    private ProblemException incomplete(IOException cause) {
        ProblemException problem = new ProblemException(
                ErrorCode.BODY_INCOMPLETE, "The body ended after " + bytes + " bytes, before it was complete.");
        problem.initCause(cause);
        return problem;
    }
}
