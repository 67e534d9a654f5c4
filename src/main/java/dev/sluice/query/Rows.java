package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs queries as the reading role, through a cursor: what is held of a result is a few hundred rows. */
@ApplicationScoped
class Rows {
    private static final long FETCHED_BYTES = 512 * 1024;
    private static final long MOST_FETCHED = 2000;

    /** Held of a fetched row at the most: as it came, as an array, and in the buffer of the answer. */
    private static final long COPIES = 3;

    private static final int UNIT = 1024;

    private final AgroalDataSource database;
    private final QueryConfig config;
    private final int memory;
    private final Semaphore free;

    Rows(@DataSource("reader") AgroalDataSource database, QueryConfig config) {
        this.database = database;
        this.config = config;
        this.memory = Math.toIntExact(config.memory().asLongValue() / UNIT);
        this.free = new Semaphore(memory, true);
    }

    /**
     * Runs a query.
     *
     * @param limit of its rows; may be absent
     * @param rowBytes how large a row may be, about
     * @return the rows, to be closed
     * @throws ProblemException {@code QUERY_INVALID} and others that are the client's mistake, {@code VERSION_GONE},
     *     {@code QUERY_TOO_SLOW}, {@code ROWS_BUSY}
     */
    RowStream open(RowsSql query, Long limit, long rowBytes) {
        return open(query, limit, rowBytes, timeout(limit));
    }

    private Duration timeout(Long limit) {
        boolean page = limit != null && limit <= config.pageRows();
        return page ? config.pageTimeout() : config.exportTimeout();
    }

    private RowStream open(RowsSql query, Long limit, long rowBytes, Duration timeout) {
        long row = Math.max(1, rowBytes);
        int fetched = Math.toIntExact(Math.clamp(FETCHED_BYTES / row, 1, MOST_FETCHED));
        long rows = limit == null ? fetched : Math.min(limit, fetched);
        int held = Math.toIntExact(Math.min(memory, rows * row * COPIES / UNIT + 1));
        take(held);
        RowStream stream = new RowStream(() -> free.release(held));
        boolean open = false;
        try {
            stream.open(database, query, timeout, fetched);
            open = true;
            return stream;
        } finally {
            if (!open) {
                stream.close();
            }
        }
    }

    /**
     * The only value of the only row of a query, as text; the same.
     *
     * @param limit of the query that it is about: it may take as long as that one
     */
    String value(RowsSql query, Long limit) {
        try (RowStream rows = open(query, 1L, UNIT, timeout(limit))) {
            rows.next();
            return rows.text();
        }
    }

    private void take(int held) {
        try {
            if (free.tryAcquire(held, config.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
    }
}
