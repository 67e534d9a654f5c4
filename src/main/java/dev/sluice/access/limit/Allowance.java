package dev.sluice.access.limit;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.Duration;

/**
 * What a request has left its caller of a limit.
 *
 * @param policy its name
 * @param quota requests at once after a pause
 * @param window in which all of them come back
 * @param conforms whether the request was within it
 * @param remaining requests that could be sent now
 * @param retryAfter when the request would be; zero if it is
 * @param reset when all of the quota is there again
 */
public record Allowance(
        String policy,
        int quota,
        Duration window,
        boolean conforms,
        long remaining,
        Duration retryAfter,
        Duration reset) {

    /** @throws ProblemException {@code RATE_LIMITED} if the request is not within it */
    public void check() {
        if (!conforms) {
            throw new ProblemException(
                    ErrorCode.RATE_LIMITED,
                    "The limit '" + policy + "' is " + quota + " requests in " + window.toMillis() + " ms.",
                    retryAfter);
        }
    }

    /** An item of the header RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
    public String policyItem() {
        return '"' + policy + "\";q=" + quota + ";w=" + seconds(window);
    }

    /** An item of the header RateLimit, of the same draft. */
    public String item() {
        return '"' + policy + "\";r=" + remaining + ";t=" + seconds(reset);
    }

    private static long seconds(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }
}
