package dev.sluice.platform;

import java.util.List;
import java.util.stream.Stream;

/** Comparisons of RFC 9110, section 8.8.3.2, of what a client sent with a strong tag of ours, in its quotes. */
public final class ETags {
    private static final String WEAK = "W/";

    private ETags() {}

    /**
     * Whether an If-None-Match has it, or has it as a weak one, which a proxy that compresses makes of it. A {@code *} has
     * not: what it asks is not known before the answer is.
     */
    public static boolean matchWeakly(List<String> tags, String etag) {
        return tags.stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .anyMatch(t -> t.equals(etag) || t.equals(WEAK + etag));
    }
}
