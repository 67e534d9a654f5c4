package dev.sluice.table;

/** What has a name in SQL, and the one that the source gave it. */
public interface Labelled {
    /** In SQL. */
    String name();

    /** In the source. */
    String label();
}
