package dev.sluice.fuzz;

import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/** A table with columns of all types, and texts that are as odd as a file can have them. */
final class Rows {
    private static final int COUNT = 120;
    private static final List<String> TEXTS = List.of(
            "a",
            "",
            "\"b,\"\"c\"",
            "é",
            "e\u0301",
            "😀",
            "\u202e",
            "'; --",
            "\\",
            "%00",
            "\"x\r\ny\"",
            "null",
            " ",
            "00501");

    private Rows() {}

    static String csv() {
        StringJoiner rows = new StringJoiner("\n", "", "\n").add("id,big,num,dbl,day,clock,moment,flag,uid,txt");
        for (int i = 0; i < COUNT; i++) {
            rows.add(String.join(
                    ",",
                    Integer.toString(i),
                    Long.toString(Long.MAX_VALUE - i),
                    i + ".50",
                    i + "e300",
                    "2024-01-%02d".formatted(1 + i % 28),
                    "%02d:30:00".formatted(i % 24),
                    "2024-01-%02dT12:00:00".formatted(1 + i % 28),
                    i % 7 == 0 ? "" : i % 2 == 0 ? "true" : "false",
                    new UUID(0x6ba7b8109dad11d1L, 0x80b400c04fd430c8L + i).toString(),
                    TEXTS.get(i % TEXTS.size())));
        }
        return rows.toString();
    }
}
