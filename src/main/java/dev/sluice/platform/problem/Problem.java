package dev.sluice.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A problem document of RFC 9457, with our stable {@code code} and the position in the source if there is one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        Long row,
        @JsonProperty("byte") Long offset,
        String column,
        String raw) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemException e) {
        return of(e.code(), e.getMessage(), e.position());
    }

    public static Problem of(ErrorCode code, String detail) {
        return of(code, detail, ProblemException.Position.NONE);
    }

    private static Problem of(ErrorCode code, String detail, ProblemException.Position position) {
        return new Problem(
                "about:blank",
                code.title(),
                code.status(),
                detail,
                code.name(),
                position.row(),
                position.byteOffset(),
                position.column(),
                position.raw());
    }
}
