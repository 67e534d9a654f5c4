package dev.sluice.query;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be said of a group of rows. */
enum Aggregate {
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX;

    /** In the dialect, and in SQL. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Aggregate> of(String word) {
        return Stream.of(values()).filter(a -> a.word().equals(word)).findFirst();
    }
}
