package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;

/**
 * A source could not be fetched, or not to its end. The message is public, as that of a {@link ProblemException} is: it names no
 * address, no credential and no cause.
 */
public final class FetchException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final boolean retryable;
    private final Duration retryAfter;

    private FetchException(ErrorCode code, String detail, boolean retryable, Duration retryAfter, Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.retryable = retryable;
        this.retryAfter = retryAfter;
    }

    static FetchException permanent(ErrorCode code, String detail, Throwable cause) {
        return new FetchException(code, detail, false, null, cause);
    }

    static FetchException permanent(ProblemException problem) {
        return permanent(problem.code(), problem.getMessage(), problem);
    }

    static FetchException retryable(ErrorCode code, String detail, Throwable cause) {
        return new FetchException(code, detail, true, null, cause);
    }

    static FetchException retryableAfter(Duration wait, ErrorCode code, String detail) {
        return new FetchException(code, detail, true, wait, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** Whether the same request may well succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** How long the source asked to be left alone, never negative; {@code null} if it did not ask. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
