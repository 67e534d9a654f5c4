package dev.sluice.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Where a page of the list of datasets ended. */
record DatasetCursor(Instant changedAt, UUID id) {
    /** Before all datasets. */
    static final DatasetCursor START = new DatasetCursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

    static DatasetCursor after(Dataset last) {
        return new DatasetCursor(last.changedAt, last.id);
    }

    /**
     * Reads {@link #toString}.
     *
     * @throws ProblemException {@code QUERY_INVALID}
     */
    static DatasetCursor of(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", 2);
            Instant changedAt = Instant.parse(parts[0]);
            if (changedAt.isAfter(START.changedAt) || changedAt.isBefore(Instant.EPOCH)) {
                throw new IllegalArgumentException("no time of a change");
            }
            return new DatasetCursor(changedAt, UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((changedAt + " " + id).getBytes(UTF_8));
    }
}
