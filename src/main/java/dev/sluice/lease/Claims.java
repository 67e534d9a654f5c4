package dev.sluice.lease;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes jobs that are due, party by party: first comes the party of which the fewest jobs are held, by any process; of several
 * such ones that whose job has been due longest. A job whose row another transaction has locked is passed over, and one that
 * was left behind is found a little later (see {@link LowWaterMarks}). To count what is held passes over what has ended since
 * the oldest open transaction began, so it is counted only where more than one party waits.
 */
final class Claims {
    /**
     * Bounded by statement_timestamp(), which, unlike clock_timestamp(), may end the scan of an index. A comparison of rows is
     * the only kind by which the scan begins at the mark of a party and not at its front.
     */
    private static final String CLAIM = """
            WITH parties AS MATERIALIZED (
              SELECT party, min(due) AS due FROM (
                SELECT m.party, w.due FROM unnest(?::text[], ?::timestamptz[]) AS m(party, mark)
                CROSS JOIN LATERAL (
                  SELECT l.due FROM sluice.lease l
                  WHERE l.owner IS NULL
                    AND (l.party, l.due) >= (m.party, m.mark) AND (l.party, l.due) <= (m.party, statement_timestamp())
                  ORDER BY l.party, l.due LIMIT 1) w
                UNION ALL
                SELECT party, due FROM sluice.lease
                WHERE owner IS NULL AND due >= ?::timestamptz AND due <= statement_timestamp()) found
              GROUP BY party),
            next AS MATERIALIZED (
              SELECT l.job FROM (
                SELECT p.party, p.due FROM parties p WHERE p.party <> ALL (?::text[])
                ORDER BY CASE WHEN (SELECT count(*) FROM parties) > 1 THEN (
                  SELECT count(*) FROM sluice.lease h WHERE h.owner IS NOT NULL AND h.party = p.party) END, p.due) p
              CROSS JOIN LATERAL (
                SELECT l.job FROM sluice.lease l
                WHERE l.owner IS NULL
                  AND (l.party, l.due) >= (p.party, p.due) AND (l.party, l.due) <= (p.party, statement_timestamp())
                ORDER BY l.party, l.due LIMIT 1 FOR UPDATE SKIP LOCKED) l
              LIMIT 1),
            claimed AS (
              UPDATE sluice.lease l
              SET owner = ?, token = nextval('sluice.lease_token'), due = NULL, deadline =""" + " " + Leases.DEADLINE + """

              FROM next WHERE l.job = next.job RETURNING l.job, l.token, l.party)
            SELECT statement_timestamp(), p.party, p.due, c.job, c.token
            FROM (VALUES (1)) AS always LEFT JOIN parties p ON true LEFT JOIN claimed c ON c.party = p.party""";

    private final UUID owner;
    private final Duration duration;
    private final LowWaterMarks lowWater = new LowWaterMarks(System::nanoTime);

    Claims(UUID owner, Duration duration) {
        this.owner = owner;
        this.duration = duration;
    }

    /**
     * Takes the next job; empty if none is found.
     *
     * @param but parties whose jobs are not taken
     */
    Optional<Claim> next(Connection c, Collection<String> but) throws SQLException {
        LowWaterMarks.Start start = lowWater.next();
        try (PreparedStatement s = Leases.prepared(
                        c,
                        CLAIM,
                        c.createArrayOf("text", start.parties().keySet().toArray()),
                        c.createArrayOf("timestamptz", start.parties().values().toArray()),
                        start.others(),
                        c.createArrayOf("text", but.toArray()),
                        owner,
                        duration.toMillis());
                ResultSet r = s.executeQuery()) {
            Map<String, OffsetDateTime> due = new HashMap<>();
            OffsetDateTime at = null;
            Claim claim = null;
            while (r.next()) {
                at = r.getObject(1, OffsetDateTime.class);
                String party = r.getString(2);
                if (party != null) {
                    due.put(party, r.getObject(3, OffsetDateTime.class));
                }
                UUID job = r.getObject(4, UUID.class);
                if (job != null) {
                    claim = new Claim(new Lease(job, r.getLong(5)), party);
                }
            }
            lowWater.saw(due, at);
            return Optional.ofNullable(claim);
        }
    }
}
