package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.Serial;

/** What is wrong with a query, as the clients of PostgREST expect to be told. */
final class QueryException extends ProblemException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String state;
    private final String details;
    private final String hint;

    /**
     * @param state PostgREST's code, or PostgreSQL's
     * @param details what more there is to say; may be absent, as may be {@code hint}
     */
    QueryException(ErrorCode code, String state, String message, String details, String hint) {
        super(code, message);
        this.state = state;
        this.details = details;
        this.hint = hint;
    }

    /** It is against the grammar. */
    static QueryException unreadable(String message, String details) {
        return new QueryException(ErrorCode.QUERY_INVALID, "PGRST100", message, details, null);
    }

    /** It is more than is taken. */
    static QueryException tooMuch(String message) {
        return new QueryException(ErrorCode.QUERY_INVALID, "54000", message, null, null);
    }

    String state() {
        return state;
    }

    String details() {
        return details;
    }

    String hint() {
        return hint;
    }
}
