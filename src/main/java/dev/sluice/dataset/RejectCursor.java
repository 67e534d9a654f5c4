package dev.sluice.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.Base64;

/**
 * Where a page of a version's rejects ended.
 *
 * @param position of the segment in the version, 0-based
 */
record RejectCursor(int position, long row, long id) {
    /** Before all rejects. */
    static final RejectCursor START = new RejectCursor(-1, 0, 0);

    /**
     * Reads {@link #toString}.
     *
     * @throws ProblemException {@code QUERY_INVALID}
     */
    static RejectCursor of(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", 3);
            return new RejectCursor(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position + " " + row + " " + id).getBytes(UTF_8));
    }
}
