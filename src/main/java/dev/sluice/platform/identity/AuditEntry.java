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

/** One change of anything, by whom and when: written once, in the transaction of the change where that has one. */
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

    /**
     * Puts a change on record, as part of the transaction there is.
     *
     * @param actor {@link Caller#id}
     * @param action what was done, such as {@code dataset.deleted}
     * @param subject what to: the name of a dataset, the id of an ingest, a key or a session
     */
    public static void record(String actor, String action, String subject) {
        AuditEntry entry = new AuditEntry();
        entry.actor = actor;
        entry.action = action;
        entry.subject = subject;
        entry.persist();
    }
}
