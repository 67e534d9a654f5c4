package dev.sluice.lease;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The jobs that are not finished: each waits until it is due, or is held under a lease. All times are the database's; all
 * methods but {@link #renew} join the transaction of the calling thread.
 */
@ApplicationScoped
public class Leases {
    static final String DEADLINE = "clock_timestamp() + ? * interval '1 millisecond'";

    private final UUID owner = UUID.randomUUID();
    private final AgroalDataSource database;
    private final AgroalDataSource heartbeat;
    private final Duration duration;
    private final Claims claims;

    Leases(AgroalDataSource database, @DataSource("heartbeat") AgroalDataSource heartbeat, LeaseConfig config) {
        this.database = database;
        this.heartbeat = heartbeat;
        this.duration = config.lease();
        this.claims = new Claims(owner, duration);
    }

    /** How long a lease lasts without being renewed. */
    public Duration duration() {
        return duration;
    }

    /** Takes a new job. */
    public Lease take(UUID job) throws SQLException {
        String sql = "INSERT INTO sluice.lease (job, owner, token, deadline)"
                + " VALUES (?, ?, nextval('sluice.lease_token'), " + DEADLINE + ") RETURNING job, token";
        return one(sql, job, owner, duration.toMillis()).orElseThrow();
    }

    /**
     * Puts a new job in the queue, due at once.
     *
     * @param party whom it is for: parties take turns
     */
    public void enqueue(UUID job, String party) throws SQLException {
        update("INSERT INTO sluice.lease (job, token, due, party) VALUES (?, 0, clock_timestamp(), ?)", job, party);
    }

    /** Whether at least {@code most} jobs wait. */
    public boolean full(int most) throws SQLException {
        String sql = "SELECT 1 FROM sluice.lease WHERE owner IS NULL OFFSET ? LIMIT 1";
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, Math.max(0, most - 1));
                ResultSet r = s.executeQuery()) {
            return r.next();
        }
    }

    /** How many jobs wait. */
    public double waiting() throws SQLException {
        return number("SELECT count(*) FROM sluice.lease WHERE owner IS NULL");
    }

    /** How long the job has been due that has been due longest, in seconds; 0 if none is. */
    public double oldestDueSeconds() throws SQLException {
        return number("SELECT greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(due)), 0))"
                + " FROM sluice.lease WHERE owner IS NULL");
    }

    private double number(String sql) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(sql);
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getDouble(1);
        }
    }

    /**
     * Takes the next job that is due; empty if none is found.
     *
     * @param but parties whose jobs are not taken
     * @see Claims
     */
    public Optional<Claim> claim(Collection<String> but) throws SQLException {
        try (Connection c = database.getConnection()) {
            return claims.next(c, but);
        }
    }

    /** Gives a job up for good; false if it was no longer held, so that nothing done under this lease may count. */
    public boolean release(Lease lease) throws SQLException {
        return update("DELETE FROM sluice.lease WHERE job = ? AND token = ?", lease.job(), lease.token()) == 1;
    }

    /**
     * Puts a held job back in the queue, due after {@code wait}; false if it was no longer held. The lease ends with it: who
     * did not hear that this was committed and asks again is told that it holds nothing.
     */
    public boolean requeue(Lease lease, Duration wait) throws SQLException {
        String sql =
                "UPDATE sluice.lease SET owner = NULL, token = 0, deadline = NULL, backend_pid = NULL, backend_start = NULL,"
                        + " backend_transaction = NULL, bytes = 0, rows = 0,"
                        + " due = clock_timestamp() + ? * interval '1 millisecond' WHERE job = ? AND token = ?";
        return update(sql, wait.toMillis(), lease.job(), lease.token()) == 1;
    }

    /** Records the transaction that a held job loads in. Not in that transaction: it is to be seen before its commit. */
    public void loadsIn(Lease lease, Backend backend) throws SQLException {
        update(
                "UPDATE sluice.lease SET backend_pid = ?, backend_start = ?::timestamptz,"
                        + " backend_transaction = ?::timestamptz WHERE job = ? AND token = ?",
                backend.pid(),
                backend.start(),
                backend.transaction(),
                lease.job(),
                lease.token());
    }

    /**
     * Renews leases and records how far their jobs are, in one statement and on a connection that nothing else uses. It waits
     * for no lock: a lease whose row is locked is being given up or cancelled, and is renewed the next time if it was not.
     *
     * @return the jobs that are still held, and whether each is to be cancelled
     */
    Map<UUID, Boolean> renew(Collection<Progress> held) throws SQLException {
        String sql = """
                WITH progress AS (
                  SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[]) AS p(job, token, bytes, rows)),
                free AS MATERIALIZED (
                  SELECT l.job FROM sluice.lease l JOIN progress p ON l.job = p.job AND l.token = p.token
                  FOR UPDATE OF l SKIP LOCKED),
                renewed AS (
                  UPDATE sluice.lease l SET bytes = p.bytes, rows = p.rows, deadline =""" + " " + DEADLINE + """
                 FROM progress p JOIN free ON free.job = p.job WHERE l.job = p.job
                  RETURNING l.job, l.cancel)
                SELECT l.job, coalesce(r.cancel, false)
                FROM sluice.lease l JOIN progress p ON l.job = p.job AND l.token = p.token
                LEFT JOIN renewed r ON r.job = l.job""";
        try (Connection c = heartbeat.getConnection();
                PreparedStatement s = prepared(
                        c,
                        sql,
                        c.createArrayOf(
                                "uuid", held.stream().map(p -> p.lease().job()).toArray()),
                        c.createArrayOf(
                                "bigint",
                                held.stream().map(p -> p.lease().token()).toArray()),
                        c.createArrayOf(
                                "bigint", held.stream().map(Progress::bytes).toArray()),
                        c.createArrayOf(
                                "bigint", held.stream().map(Progress::rows).toArray()),
                        duration.toMillis());
                ResultSet r = s.executeQuery()) {
            Map<UUID, Boolean> still = new HashMap<>();
            while (r.next()) {
                still.put(r.getObject(1, UUID.class), r.getBoolean(2));
            }
            return still;
        }
    }

    /** How far those of the jobs are that somebody works on, as of the last heartbeat. */
    public Map<UUID, Progress> progress(Collection<UUID> jobs) throws SQLException {
        String sql = "SELECT job, token, bytes, rows FROM sluice.lease WHERE job = ANY (?) AND owner IS NOT NULL";
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, c.createArrayOf("uuid", jobs.toArray()));
                ResultSet r = s.executeQuery()) {
            Map<UUID, Progress> found = new HashMap<>();
            while (r.next()) {
                UUID job = r.getObject(1, UUID.class);
                found.put(job, new Progress(new Lease(job, r.getLong(2)), r.getLong(3), r.getLong(4)));
            }
            return found;
        }
    }

    /**
     * Takes over at most {@code most} leases that were not renewed in time, and ends the transactions their holders load in:
     * a holder that is frozen inside a COPY would keep its connection for ever. A connection that has gone on to another
     * transaction is left alone.
     */
    public List<Lease> takeExpired(int most) throws SQLException {
        String sql = """
                WITH expired AS MATERIALIZED (
                  SELECT job, backend_pid, backend_start, backend_transaction FROM sluice.lease
                  WHERE owner IS NOT NULL AND deadline < clock_timestamp()
                  LIMIT ? FOR UPDATE SKIP LOCKED),
                ended AS MATERIALIZED (
                  SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
                  JOIN expired e ON a.pid = e.backend_pid AND a.backend_start = e.backend_start
                    AND (e.backend_transaction IS NULL OR a.xact_start = e.backend_transaction))
                UPDATE sluice.lease l
                SET owner = ?, token = nextval('sluice.lease_token'), backend_pid = NULL, backend_start = NULL,
                  backend_transaction = NULL, deadline =""" + " " + DEADLINE + """
                 FROM expired WHERE l.job = expired.job AND (SELECT count(*) FROM ended) >= 0
                RETURNING l.job, l.token""";
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, most, owner, duration.toMillis());
                ResultSet r = s.executeQuery()) {
            List<Lease> taken = new ArrayList<>();
            while (r.next()) {
                taken.add(new Lease(r.getObject(1, UUID.class), r.getLong(2)));
            }
            return taken;
        }
    }

    /**
     * Ends a job that waits, or asks its holder to end it.
     *
     * @return true if it waited and is no longer there, false if somebody holds it and will hear of it
     */
    public boolean cancel(UUID job) throws SQLException {
        // One that is put back meanwhile must not wait for a holder to hear of it: which of the two it is, the locked
        // row says.
        String sql = "SELECT owner IS NULL FROM sluice.lease WHERE job = ? FOR UPDATE";
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, job);
                ResultSet r = s.executeQuery()) {
            boolean waits = r.next() && r.getBoolean(1);
            update(
                    waits
                            ? "DELETE FROM sluice.lease WHERE job = ?"
                            : "UPDATE sluice.lease SET cancel = true WHERE job = ?",
                    job);
            return waits;
        }
    }

    private Optional<Lease> one(String sql, Object... parameters) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, parameters);
                ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(new Lease(r.getObject(1, UUID.class), r.getLong(2))) : Optional.empty();
        }
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = prepared(c, sql, parameters)) {
            return s.executeUpdate();
        }
    }

    static PreparedStatement prepared(Connection c, String sql, Object... parameters) throws SQLException {
        PreparedStatement s = c.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            s.setObject(i + 1, parameters[i]);
        }
        return s;
    }
}
