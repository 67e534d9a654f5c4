package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an error of PostgreSQL is to a client. */
final class SqlProblem {
    /** SQLSTATEs of mistakes that our grammar does not show: in types, and in what is searched for (a syntax of its own). */
    private static final Set<String> MISTAKES = Set.of("42704", "42803", "42804", "42846", "42725", "42P18", "42601");

    /** What PostgreSQL says where it would have to allocate over 1 GB, as for repetitions of repetitions; it has no SQLSTATE. */
    private static final String NO_ROOM = "invalid memory alloc request size";

    private SqlProblem() {}

    static RuntimeException of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals(RowsSql.TOO_LARGE)) {
            return new ProblemException(
                    ErrorCode.ANSWER_TOO_LARGE,
                    "A row of this answer is too large. Ask for fewer columns, or for CSV.");
        }
        if (state.startsWith("22") || MISTAKES.contains(state)) {
            return mistake(ErrorCode.QUERY_INVALID, e);
        }
        if (state.startsWith("54") || state.equals("XX000") && e.getMessage().contains(NO_ROOM)) {
            return QueryException.tooMuch("The query is too large.");
        }
        return switch (state) {
            case "42883" -> mistake(ErrorCode.OPERATOR_NOT_FOUND, e);
            case "" -> new ProblemException(ErrorCode.ROWS_BUSY, "No connection for reading was free in time.");
            case "42P01" -> new ProblemException(ErrorCode.VERSION_GONE, "This version is no longer kept.");
            case "57014" -> new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The query took longer than it may.");
            default -> new IllegalStateException(e);
        };
    }

    /** What PostgreSQL says of it: of types and of the client's own values, for there is nothing else in the query. */
    private static QueryException mistake(ErrorCode code, SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String message = said == null ? e.getMessage() : said.getMessage();
        return new QueryException(
                code,
                e.getSQLState(),
                message == null ? code.title() : message,
                said == null ? null : said.getDetail(),
                said == null ? null : said.getHint());
    }
}
