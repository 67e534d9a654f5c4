package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;

/** A reject in a list: see {@link Reject}. What it hides is shown if it hides anything. */
record RejectItem(
        long row,
        String column,
        String raw,
        String reason,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int hides) {}
