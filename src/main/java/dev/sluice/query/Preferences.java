package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client would rather have (RFC 7240).
 *
 * @param count of all rows there are; may be absent
 * @param source whether CSV is to have the source's own texts
 */
record Preferences(Count count, boolean source) {
    static final String APPLIED = "Preference-Applied";

    private static final String SOURCE = "rendering=source";

    /** How many rows there are: counted, or by the planner's statistics, or the former unless it is many. */
    enum Count {
        EXACT("count=exact"),
        PLANNED("count=planned"),
        ESTIMATED("count=estimated");

        private final String preference;

        Count(String preference) {
            this.preference = preference;
        }
    }

    /**
     * Reads the headers; what is not known is ignored, unless {@code handling=strict} is among it.
     *
     * @throws QueryException {@code QUERY_INVALID}
     */
    static Preferences of(List<String> headers) {
        Count count = null;
        boolean source = false;
        boolean strict = false;
        List<String> unknown = new ArrayList<>();
        for (String header : headers) {
            for (String item : header.split(",", -1)) {
                String preference = item.strip();
                Optional<Count> known = List.of(Count.values()).stream()
                        .filter(c -> c.preference.equals(preference))
                        .findFirst();
                if (known.isPresent()) {
                    count = count == null ? known.get() : count; // the first one holds
                } else if (preference.equals(SOURCE)) {
                    source = true;
                } else if (preference.equals("handling=strict")) {
                    strict = true;
                } else if (!preference.isEmpty() && !preference.equals("handling=lenient")) {
                    unknown.add(preference);
                }
            }
        }
        if (strict && !unknown.isEmpty()) {
            throw new QueryException(
                    ErrorCode.QUERY_INVALID,
                    "PGRST122",
                    "Invalid preferences given with handling=strict",
                    "Invalid preferences: " + String.join(", ", unknown),
                    null);
        }
        return new Preferences(count, source);
    }

    /** Whether the number of rows may be an estimate, which later may be another one. */
    boolean isEstimate() {
        return count == Count.PLANNED || count == Count.ESTIMATED;
    }

    /** Those that were heeded; empty if there are none. */
    String applied(boolean csv) {
        List<String> applied = new ArrayList<>();
        if (source && csv) {
            applied.add(SOURCE);
        }
        if (count != null) {
            applied.add(count.preference);
        }
        return String.join(", ", applied);
    }
}
