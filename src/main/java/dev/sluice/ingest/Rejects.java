package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.format.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The records and cells kept out of one load, as many as it may have. */
final class Rejects implements Consumer<RejectedRecord> {
    private final RejectLimit limit;
    private final List<RejectedRecord> rejected = new ArrayList<>();
    private long keptOut;

    Rejects(RejectLimit limit) {
        this.limit = limit;
    }

    /**
     * Keeps a record or a cell for the catalog.
     *
     * @throws ProblemException {@code TOO_MANY_REJECTS}
     */
    @Override
    public void accept(RejectedRecord reject) {
        rejected.add(reject);
        keptOut += reject.records();
        if (rejected.size() > limit.most()) {
            RejectedRecord first = rejected.getFirst();
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REJECTS,
                    "More than " + limit.most() + " rows do not fit the table. The first is row " + first.row() + ": "
                            + first.reason() + ".",
                    new Position(first.row(), null, first.column(), first.raw()));
        }
    }

    /**
     * Looks at them when the load has ended.
     *
     * @param rows records that fit
     * @throws ProblemException {@code TOO_FEW_ROWS_FIT}
     */
    void check(long rows) {
        limit.check(
                rows,
                keptOut,
                rejected.stream().filter(r -> r.records() > 0).findFirst().orElse(null));
    }

    List<RejectedRecord> all() {
        return rejected;
    }
}
