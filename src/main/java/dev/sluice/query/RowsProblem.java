package dev.sluice.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A problem document that is an error of PostgREST as well.
 *
 * @param code PostgREST's or PostgreSQL's where they have one for it, else that of the problem
 * @param message the same as {@code detail}
 * @param problem the code of the problem
 */
@RegisterForReflection
record RowsProblem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String message,
        @JsonInclude(JsonInclude.Include.ALWAYS) String details,
        @JsonInclude(JsonInclude.Include.ALWAYS) String hint,
        String problem) {

    static RowsProblem of(ProblemException e) {
        ErrorCode code = e.code();
        QueryException query = e instanceof QueryException q ? q : null;
        return new RowsProblem(
                "about:blank",
                code.title(),
                code.status(),
                e.getMessage(),
                query == null ? code.name() : query.state(),
                e.getMessage(),
                query == null ? null : query.details(),
                query == null ? null : query.hint(),
                code.name());
    }
}
