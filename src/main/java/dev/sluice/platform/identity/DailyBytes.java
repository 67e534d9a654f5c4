package dev.sluice.platform.identity;

/** How many bytes of sources a caller may have loaded in a day. */
public interface DailyBytes {
    /**
     * Takes bytes from what is left for the day.
     *
     * @param caller {@link Caller#id}; {@code null} is not counted
     * @param bytes 0 to ask whether anything is left
     * @throws dev.sluice.platform.problem.ProblemException {@code RATE_LIMITED}
     */
    void take(String caller, long bytes);
}
