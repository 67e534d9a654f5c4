package dev.sluice.dataset;

import io.quarkus.hibernate.orm.panache.Panache;
import java.util.List;

/** A reject and its place in a version. */
record PlacedReject(RejectCursor cursor, RejectItem item) {
    private static final String SQL = """
            SELECT vs.position, r.row_number, r.id, r.column_name, r.raw, r.reason, r.hides
            FROM sluice.version v
            JOIN sluice.version_segment vs ON vs.version_id = v.id
            JOIN sluice.reject r ON r.segment_id = vs.segment_id
            WHERE v.dataset_id = :dataset AND v.number = :number
              AND (vs.position, r.row_number, r.id) > (:position, :row, :id)
            ORDER BY vs.position, r.row_number, r.id
            LIMIT :limit""";

    /** The first rejects after {@code cursor}, at most {@code limit}; none if the version is no longer kept. */
    static List<PlacedReject> of(Dataset dataset, int number, RejectCursor cursor, int limit) {
        return Panache.getSession()
                .createNativeQuery(SQL, Object[].class)
                .setParameter("dataset", dataset.id)
                .setParameter("number", number)
                .setParameter("position", cursor.position())
                .setParameter("row", cursor.row())
                .setParameter("id", cursor.id())
                .setParameter("limit", limit)
                .setTupleTransformer((r, _) -> new PlacedReject(
                        new RejectCursor((int) r[0], (long) r[1], (long) r[2]),
                        new RejectItem((long) r[1], (String) r[3], (String) r[4], (String) r[5], (int) r[6])))
                .list();
    }
}
