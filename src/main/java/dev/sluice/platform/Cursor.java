package dev.sluice.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Where a page of a list ended that is in the order of a time, the latest first. */
public record Cursor(Instant at, UUID id) {
    /** Before everything. */
    public static final Cursor START = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

    /**
     * Reads {@link #toString}; {@link #START} for {@code null}.
     *
     * @throws ProblemException {@code QUERY_INVALID}
     */
    public static Cursor of(String text) {
        if (text == null) {
            return START;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", 2);
            Instant at = Instant.parse(parts[0]);
            if (at.isAfter(START.at) || at.isBefore(Instant.EPOCH)) {
                throw new IllegalArgumentException("no time of a change");
            }
            return new Cursor(at, UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((at + " " + id).getBytes(UTF_8));
    }
}
