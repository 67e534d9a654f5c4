package dev.sluice.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.stream.Stream;

/**
 * What was wrong with an ingest, as its problem document says it, and where in its source.
 *
 * @param row 1-based record number
 * @param offset 0-based, of a byte of the decompressed source
 * @param column the SQL name of the cell's column
 * @param raw the source's own text, shortened
 */
@Embeddable
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestProblem(
        @Column(name = "problem_code") String code,
        @Column(name = "problem_detail") String detail,
        @Column(name = "problem_row") Long row,
        @Column(name = "problem_byte") @JsonProperty("byte") Long offset,
        @Column(name = "problem_column") String column,
        @Column(name = "problem_raw") String raw) {

    static IngestProblem of(ProblemException e) {
        ProblemException.Position at = e.position();
        return new IngestProblem(
                e.code().name(), storable(e.getMessage()), at.row(), at.byteOffset(), at.column(), storable(at.raw()));
    }

    /** It may quote the client, and PostgreSQL has no NUL. */
    private static String storable(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** The sentence that is the same whenever the code is; {@code null} if this release does not know the code. */
    @JsonProperty
    public String title() {
        return Stream.of(ErrorCode.values())
                .filter(known -> known.name().equals(code))
                .findAny()
                .map(ErrorCode::title)
                .orElse(null);
    }
}
