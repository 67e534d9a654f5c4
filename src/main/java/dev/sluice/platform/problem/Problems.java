package dev.sluice.platform.problem;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What to tell a client of any failure. */
public final class Problems {
    private Problems() {}

    /** The problem that the HTTP layer means by a status from 400. */
    public static ProblemException of(int status) {
        ErrorCode code = switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 413 -> ErrorCode.BODY_TOO_LARGE;
            case 414 -> ErrorCode.URI_TOO_LONG;
            case 415 -> ErrorCode.MEDIA_TYPE_UNSUPPORTED;
            case 431 -> ErrorCode.HEADERS_TOO_LARGE;
            case 501 -> ErrorCode.METHOD_UNKNOWN;
            case 503 -> ErrorCode.DRAINING; // by Quarkus alone, when it ends
            case 505 -> ErrorCode.HTTP_VERSION_UNSUPPORTED;
            default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.REQUEST_INVALID;
        };
        return new ProblemException(code, code.title() + ".");
    }

    /** The problem a failure amounts to: {@code INTERNAL} if it is none that a client could understand. */
    public static ProblemException of(Throwable failure) {
        ProblemException problem = within(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
        return problem == null ? new ProblemException(ErrorCode.INTERNAL, "The details are in the log.") : problem;
    }

    /**
     * The problem of a failure or of what caused it. Only if there is none, of what was suppressed: that is where a transaction
     * manager puts why a commit failed, and where the failure of a close comes that had a cause of its own.
     */
    private static ProblemException within(Throwable failure, Set<Throwable> seen) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
            if (t instanceof ProblemException problem) {
                return problem;
            }
            ProblemException problem = t instanceof SQLException sql ? of(sql) : null;
            if (problem != null) {
                return problem;
            }
            causes.add(t);
        }
        return causes.stream()
                .flatMap(t -> Stream.of(t.getSuppressed()))
                .map(suppressed -> within(suppressed, seen))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** By SQLSTATE (PostgreSQL manual, appendix A); {@code null} if the statement itself was at fault. */
    private static ProblemException of(SQLException e) {
        String state = e.getSQLState();
        // The pool's own: PostgreSQL's errors all have a state, and what we wrap has a cause of another kind.
        if (state == null && (e.getCause() == null || e.getCause() instanceof TimeoutException)) {
            return new ProblemException(
                    ErrorCode.DATABASE_UNAVAILABLE, "No connection to the database was free in time.");
        }
        if (state == null) {
            return null;
        }
        if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.equals("25P03")) {
            return new ProblemException(
                    ErrorCode.DATABASE_UNAVAILABLE, "The database is unreachable, full or restarting.");
        }
        // A connection that is refused: by its credentials, by its database, or as the database takes none.
        if (state.startsWith("28") || state.equals("3D000") || state.equals("55000")) {
            return new ProblemException(ErrorCode.DATABASE_UNAVAILABLE, "The database refuses connections.");
        }
        return switch (state) {
            case "57014", "55P03" ->
                new ProblemException(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "The database took longer than it may. Try again, or ask for less.");
            case "22021" ->
                new ProblemException(ErrorCode.REQUEST_INVALID, "A text of the request has the character NUL.");
            case "54000" ->
                new ProblemException(ErrorCode.TABLE_TOO_WIDE, "A row of this table needs more than a page of 8 kB.");
            case "42P01", "3F000", "42703" ->
                new ProblemException(ErrorCode.SCHEMA_OUTDATED, "The schema is waiting for its migration.");
            default -> null;
        };
    }
}
