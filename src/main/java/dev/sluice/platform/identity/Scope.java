package dev.sluice.platform.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller may do. Each includes those before it. */
public enum Scope {
    /** Look at datasets, their rows and their ingests. */
    READ,
    /** Make, change and delete datasets. */
    WRITE,
    /** Make and revoke keys, and read the audit. */
    ADMIN;

    public boolean includes(Scope other) {
        return compareTo(other) >= 0;
    }

    /** As clients write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of that word, if there is one. */
    public static Optional<Scope> of(String word) {
        return Stream.of(values()).filter(s -> s.word().equals(word)).findFirst();
    }
}
