package dev.sluice.outbound;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The header of RFC 9110, section 10.2.3. */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    /**
     * How long to wait, never negative.
     *
     * @param value seconds or an HTTP date; {@code null} if there is no such header
     * @return {@code null} if there is none, or none that can be understood
     */
    static Duration of(String value, Instant now) {
        if (value == null) {
            return null;
        }
        String text = value.trim();
        if (SECONDS.matcher(text).matches()) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        try {
            Duration wait = Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException _) {
            return null; // as if it had not been sent: it is a wish
        }
    }
}
