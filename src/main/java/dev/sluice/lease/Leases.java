package dev.sluice.lease;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The table of leases. All times are the database's ({@code clock_timestamp()}); all methods join the transaction of the
 * calling thread.
 */
@ApplicationScoped
public class Leases {
    private final UUID owner = UUID.randomUUID();
    private final AgroalDataSource database;
    private final Duration duration;

    Leases(AgroalDataSource database, LeaseConfig config) {
        this.database = database;
        this.duration = config.lease();
    }

    /** How long a lease lasts without being renewed. */
    Duration duration() {
        return duration;
    }

    /** Takes a job that nobody has. */
    public Lease take(UUID job) throws SQLException {
        String sql = """
                INSERT INTO sluice.lease (job, owner, token, deadline)
                VALUES (?, ?, nextval('sluice.lease_token'), clock_timestamp() + ? * interval '1 millisecond')
                RETURNING token""";
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            s.setObject(1, job);
            s.setObject(2, owner);
            s.setLong(3, duration.toMillis());
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return new Lease(job, r.getLong(1));
            }
        }
    }

    /** Gives a job up; false if it was no longer held, so that nothing done under this lease may count. */
    public boolean release(Lease lease) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement("DELETE FROM sluice.lease WHERE job = ? AND token = ?")) {
            s.setObject(1, lease.job());
            s.setLong(2, lease.token());
            return s.executeUpdate() == 1;
        }
    }

    /**
     * Renews leases and records how far their jobs are, in one statement.
     *
     * @return the jobs that are still held
     */
    Set<UUID> renew(Collection<Progress> held) throws SQLException {
        String sql = """
                UPDATE sluice.lease l
                SET deadline = clock_timestamp() + ? * interval '1 millisecond', bytes = p.bytes, rows = p.rows
                FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[]) AS p(job, token, bytes, rows)
                WHERE l.job = p.job AND l.token = p.token
                RETURNING l.job""";
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, duration.toMillis());
            s.setArray(
                    2, array(c, "uuid", held.stream().map(p -> p.lease().job()).toArray()));
            s.setArray(
                    3,
                    array(c, "bigint", held.stream().map(p -> p.lease().token()).toArray()));
            s.setArray(4, array(c, "bigint", held.stream().map(Progress::bytes).toArray()));
            s.setArray(5, array(c, "bigint", held.stream().map(Progress::rows).toArray()));
            return new HashSet<>(jobs(s));
        }
    }

    /** How far a job is that somebody works on, as of the last heartbeat. */
    public Optional<Progress> progress(UUID job) throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement("SELECT token, bytes, rows FROM sluice.lease WHERE job = ?")) {
            s.setObject(1, job);
            try (ResultSet r = s.executeQuery()) {
                return r.next()
                        ? Optional.of(new Progress(new Lease(job, r.getLong(1)), r.getLong(2), r.getLong(3)))
                        : Optional.empty();
            }
        }
    }

    /** Ends at most {@code most} leases that nobody renewed in time, and returns their jobs. */
    public List<UUID> takeExpired(int most) throws SQLException {
        String sql = """
                DELETE FROM sluice.lease WHERE job IN (
                  SELECT job FROM sluice.lease WHERE deadline < clock_timestamp()
                  LIMIT ? FOR UPDATE SKIP LOCKED)
                RETURNING job""";
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            s.setInt(1, most);
            return jobs(s);
        }
    }

    private static Array array(Connection c, String type, Object[] values) throws SQLException {
        return c.createArrayOf(type, values);
    }

    private static List<UUID> jobs(PreparedStatement s) throws SQLException {
        List<UUID> jobs = new ArrayList<>();
        try (ResultSet r = s.executeQuery()) {
            while (r.next()) {
                jobs.add(r.getObject(1, UUID.class));
            }
        }
        return jobs;
    }
}
