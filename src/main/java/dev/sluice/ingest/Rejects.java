package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.format.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The records kept out of one load, as many as it may have. */
final class Rejects implements Consumer<RejectedRecord> {
    private final int most;
    private final List<RejectedRecord> records = new ArrayList<>();

    Rejects(int most) {
        this.most = most;
    }

    /**
     * Keeps a record for the catalog.
     *
     * @throws ProblemException {@code TOO_MANY_REJECTS}
     */
    @Override
    public void accept(RejectedRecord rejected) {
        records.add(rejected);
        if (records.size() > most) {
            RejectedRecord first = records.getFirst();
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REJECTS,
                    "More than " + most + " rows do not fit the table. The first is row " + first.row() + ": "
                            + first.reason() + ".",
                    new Position(first.row(), null, first.column(), first.raw()));
        }
    }

    List<RejectedRecord> records() {
        return records;
    }
}
