package dev.sluice.access.session;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;

/**
 * Texts by keys, each with a time to live, outside of every process. Keys have no blanks and at most 200 characters. All
 * methods are atomic, and fail with {@code SESSIONS_UNAVAILABLE} when the store does not answer.
 */
interface SessionStore {
    /**
     * A text that is there.
     *
     * @param left until it expires
     */
    record Stored(String value, Duration left) {}

    /** The value, which from now on lives for {@code life}: in one round trip. */
    Optional<String> touch(String key, Duration life);

    /** The value as it is. */
    Optional<Stored> get(String key);

    /** Stores a value unless there is one. */
    boolean add(String key, String value, Duration life);

    /** Stores a value if the one there is {@code expected}. */
    boolean replace(String key, String expected, String value, Duration life);

    /** Removes it; whether it was there. */
    boolean remove(String key);

    /** What is wrong with the store if it could drop what has not expired, and what to do. */
    Optional<String> evicts();

    /** What a store throws that does not answer. */
    static ProblemException unavailable() {
        return new ProblemException(
                ErrorCode.SESSIONS_UNAVAILABLE, "The store of sessions does not answer; a key works without it.");
    }
}
