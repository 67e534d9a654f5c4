package dev.sluice.platform.problem;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends a request or an ingest with a problem document. The message is public: it reaches the client as {@code detail}
 * and says nothing of causes, SQL or paths.
 */
public class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final transient Position position;
    private final Duration retryAfter;

    public ProblemException(ErrorCode code, String detail) {
        this(code, detail, Position.NONE);
    }

    public ProblemException(ErrorCode code, String detail, Position position) {
        this(code, detail, position, null);
    }

    /** @param retryAfter when the same request may succeed */
    public ProblemException(ErrorCode code, String detail, Duration retryAfter) {
        this(code, detail, Position.NONE, retryAfter);
    }

    private ProblemException(ErrorCode code, String detail, Position position, Duration retryAfter) {
        super(detail);
        this.code = code;
        this.position = position;
        this.retryAfter = retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    /** When the same request may succeed, if that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Where in the source it happened; {@link Position#NONE} if nowhere in particular. */
    public Position position() {
        return position == null ? Position.NONE : position;
    }

    /**
     * A place in a source.
     *
     * @param row 1-based record number, the header not counted; {@code null} if unknown
     * @param byteOffset 0-based offset in the decompressed source; {@code null} if unknown
     * @param column the SQL name of the cell's column; {@code null} if it is no cell
     * @param raw the source's own text of the cell or record, shortened; {@code null} if it tells nothing
     */
    public record Position(Long row, Long byteOffset, String column, String raw) {
        public static final Position NONE = new Position(null, null);

        public Position(Long row, Long byteOffset) {
            this(row, byteOffset, null, null);
        }
    }
}
