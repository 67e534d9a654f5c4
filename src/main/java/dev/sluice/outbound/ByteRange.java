package dev.sluice.outbound;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Content-Range} of a 206 (RFC 9110, section 14.4), where it names the complete length.
 *
 * @param start of the range, 0-based
 * @param total length of the whole
 */
record ByteRange(long start, long total) {
    private static final Pattern SYNTAX = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})");

    /** {@code null} if it says nothing of that. */
    static ByteRange of(String contentRange) {
        Matcher range = SYNTAX.matcher(contentRange == null ? "" : contentRange.trim());
        return range.matches() ? new ByteRange(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))) : null;
    }
}
