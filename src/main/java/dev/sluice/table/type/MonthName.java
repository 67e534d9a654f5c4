package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/** English names of months, and their first three letters, in any letter case. */
final class MonthName {
    static final int SHORT = 3;

    private static final List<String> NAMES = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");

    private MonthName() {}

    static boolean looksLike(String text) {
        byte[] b = text.getBytes(US_ASCII);
        return of(b, 0, b.length) > 0;
    }

    /** The number of the month that these letters name; 0 if they name none. */
    static int of(byte[] b, int at, int len) {
        for (int month = 0; month < NAMES.size(); month++) {
            String name = NAMES.get(month);
            if ((len == SHORT || len == name.length()) && begins(name, b, at, len)) {
                return month + 1;
            }
        }
        return 0;
    }

    private static boolean begins(String name, byte[] b, int at, int len) {
        for (int i = 0; i < len; i++) {
            if ((b[at + i] | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
