package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.format.RejectedRecord;

/**
 * How much of a source may be kept out of its table.
 *
 * @param most records and cells, at most {@link #MOST}, as they are kept in memory until the load's end
 * @param share of the records, from 0 to 1; {@code null} for a tenth, of which three are always allowed as long as one
 *     record fits
 */
record RejectLimit(int most, Double share) {
    static final int DEFAULT_MOST = 1000;
    static final int MOST = 10_000;
    static final double DEFAULT_SHARE = 0.1;
    private static final int ALWAYS_ALLOWED = 3;

    /**
     * Refuses a source that fits its table too badly to replace what was there.
     *
     * @param rows records that fit
     * @param keptOut records that were kept out, and those that they hide
     * @param first of what was kept out; not read if nothing was
     * @throws ProblemException {@code TOO_FEW_ROWS_FIT}
     */
    void check(long rows, long keptOut, RejectedRecord first) {
        boolean allowed = share == null && keptOut <= ALWAYS_ALLOWED && rows > 0;
        if (keptOut == 0 || allowed || keptOut <= (share == null ? DEFAULT_SHARE : share) * (rows + keptOut)) {
            return;
        }
        throw new ProblemException(
                ErrorCode.TOO_FEW_ROWS_FIT,
                keptOut + " of " + (rows + keptOut) + " records do not fit the table. The first is row " + first.row()
                        + ": " + first.reason() + ". If the others are worth it, say maxRejectShare=1.",
                new Position(first.row(), null, first.column(), first.raw()));
    }
}
