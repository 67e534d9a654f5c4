package dev.sluice.chaos;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CSV table that says in each of its rows which it is and how many rows it has, so that whoever reads it can tell whether
 * it is whole.
 */
final class Table {
    private static final String HEADER = "sequence,rows,row,word,price,day\n";
    private static final Pattern FIRST = Pattern.compile("(\\d+),(\\d+),1,.*\n");
    private static final int[] SIZES = {1, 20, 20, 500, 500, 500, 20_000, 20_000, 60_000, 150_000};

    private Table() {}

    static String text(int sequence, int rows) {
        StringBuilder text = new StringBuilder(HEADER);
        for (int row = 1; row <= rows; row++) {
            text.append(line(sequence, rows, row));
        }
        return text.toString();
    }

    static String text(int sequence, Random random) {
        return text(sequence, SIZES[random.nextInt(SIZES.length)]);
    }

    private static String line(int sequence, int rows, int row) {
        String day = "2024-01-" + (row % 28 < 9 ? "0" : "") + (row % 28 + 1);
        return sequence + "," + rows + "," + row + ",word " + row % 7 + "," + row + ".50," + day + "\n";
    }

    /** Which one this is, if it is whole; else -1. */
    static int sequenceIfWhole(String text) {
        if (!text.startsWith(HEADER)) {
            return -1;
        }
        Matcher first = FIRST.matcher(text).region(HEADER.length(), text.length());
        if (!first.lookingAt()) {
            return -1;
        }
        int sequence = Integer.parseInt(first.group(1));
        return text.equals(text(sequence, Integer.parseInt(first.group(2)))) ? sequence : -1;
    }
}
