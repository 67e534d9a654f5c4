package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** English names of months, and their first three letters, in any letter case. */
final class MonthName {
    static final int SHORT = 3;

    private static final byte[][] NAMES = {
        name("january"), name("february"), name("march"), name("april"), name("may"), name("june"),
        name("july"), name("august"), name("september"), name("october"), name("november"), name("december")
    };

    private MonthName() {}

    private static byte[] name(String text) {
        return text.getBytes(US_ASCII);
    }

    static boolean looksLike(String text) {
        byte[] b = text.getBytes(US_ASCII);
        return of(b, 0, b.length) > 0;
    }

    /** The number of the month that these letters name; 0 if they name none. */
    static int of(byte[] b, int at, int len) {
        for (int month = 0; month < NAMES.length; month++) {
            byte[] name = NAMES[month];
            if ((len == SHORT || len == name.length) && begins(name, b, at, len)) {
                return month + 1;
            }
        }
        return 0;
    }

    private static boolean begins(byte[] name, byte[] b, int at, int len) {
        for (int i = 0; i < len; i++) {
            if ((b[at + i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }
}
