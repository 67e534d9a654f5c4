package dev.sluice.access.audit;

import dev.sluice.platform.identity.Actor;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Puts sign-ins that were refused on record. Any client may try to sign in, so the record is bounded: within an hour, for an
 * address and for all. Refusals of the same moment may exceed the bound, by at most the connections to the database.
 */
@ApplicationScoped
public class RefusedSignIns {
    private static final String RECORD = """
            WITH latest AS (
              SELECT address FROM sluice.audit
              WHERE action = 'session.refused' AND at > now() - interval '1 hour' LIMIT ?)
            INSERT INTO sluice.audit (actor, action, subject, address, reason)
            SELECT ?, 'session.refused', ?, ?, ?
            WHERE (SELECT count(*) FROM latest) < ? AND (SELECT count(*) FROM latest WHERE address = ?) < ?""";

    private final AgroalDataSource database;
    private final AuditConfig config;

    RefusedSignIns(AgroalDataSource database, AuditConfig config) {
        this.database = database;
        this.config = config;
    }

    /**
     * Puts one on record, if there is room for it.
     *
     * @param subject the id of the key, or words if there is none
     * @param reason one word, which has nothing that the client sent
     */
    public void record(Actor actor, String subject, String reason) {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(RECORD)) {
            s.setInt(1, config.refusedPerHour());
            s.setString(2, actor.id());
            s.setString(3, subject);
            s.setString(4, actor.address());
            s.setString(5, reason);
            s.setInt(6, config.refusedPerHour());
            s.setString(7, actor.address());
            s.setInt(8, config.refusedPerHourAndAddress());
            s.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
