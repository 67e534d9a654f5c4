package dev.sluice.dataset;

/** A reject in a list: see {@link Reject}. */
record RejectItem(long row, String column, String raw, String reason) {}
