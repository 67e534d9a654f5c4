package dev.sluice.dataset;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.util.UUID;

/** A record, or one cell of it, that was kept out of a segment. */
@Entity
@Table(name = "reject")
public class Reject extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "reject_seq")
    @SequenceGenerator(name = "reject_seq", sequenceName = "reject_seq", allocationSize = 100)
    public Long id;

    @Column(name = "segment_id", nullable = false)
    public UUID segmentId;

    /** 1-based number of the record. */
    @Column(name = "row_number", nullable = false)
    public long row;

    /** The SQL name of the column; {@code null} if the whole record was kept out. */
    @Column(name = "column_name")
    public String column;

    /** The source's own text, shortened to at most {@link dev.sluice.table.format.RejectedRecord#MAX_RAW} bytes. */
    @Column(nullable = false)
    public String raw;

    @Column(nullable = false)
    public String reason;

    /** Lines of it that look like records of their own; see {@link dev.sluice.table.format.RejectedRecord#hides}. */
    @Column(nullable = false)
    public int hides;
}
