package dev.sluice.platform.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Generated;

/**
 * One change of anything, by whom, from where and when, or a sign-in that was refused: written once, in the transaction of the
 * change where that has one. Each month of UTC has a table of its own.
 */
@Entity
@Table(name = "audit")
public class AuditEntry extends PanacheEntityBase {
    /** Grows with time, not without gaps. */
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    /** Of the database. */
    @Generated
    @Column(nullable = false, insertable = false, updatable = false)
    public Instant at;

    /** The id of a key, or a word for who has none. */
    @Column(nullable = false)
    public String actor;

    @Column(nullable = false)
    public String action;

    @Column(nullable = false)
    public String subject;

    /** Of the client; {@code null} where no request did it, and in entries of earlier releases. */
    public String address;

    /** Why it was refused; {@code null} if it was not. */
    public String reason;

    /**
     * Puts a change on record, as part of the transaction there is.
     *
     * @param action what was done, such as {@code dataset.deleted}
     * @param subject what to: the name of a dataset, the id of an ingest, a key or a session
     */
    public static void record(Actor actor, String action, String subject) {
        AuditEntry entry = new AuditEntry();
        entry.actor = actor.id();
        entry.address = actor.address();
        entry.action = action;
        entry.subject = subject;
        entry.persist();
    }
}
