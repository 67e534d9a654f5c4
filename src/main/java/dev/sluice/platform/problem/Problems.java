package dev.sluice.platform.problem;

import java.sql.SQLException;

/** What to tell a client of any failure. */
public final class Problems {
    private Problems() {}

    /** The problem a failure amounts to: {@code INTERNAL} if it is none that a client could understand. */
    public static ProblemException of(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ProblemException problem) {
                return problem;
            }
            if (t instanceof SQLException sql) {
                ProblemException problem = of(sql);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return new ProblemException(ErrorCode.INTERNAL, "The details are in the log.");
    }

    /** By SQLSTATE (PostgreSQL manual, appendix A); {@code null} if the statement itself was at fault. */
    private static ProblemException of(SQLException e) {
        String state = e.getSQLState();
        if (state == null && e.getCause() == null) { // the pool's own: PostgreSQL's errors all have one
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
        return switch (state) {
            case "54000" ->
                new ProblemException(ErrorCode.TABLE_TOO_WIDE, "A row of this table needs more than a page of 8 kB.");
            case "42P01", "3F000", "42703" ->
                new ProblemException(ErrorCode.SCHEMA_OUTDATED, "The schema is waiting for its migration.");
            default -> null;
        };
    }
}
