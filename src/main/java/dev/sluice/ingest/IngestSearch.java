package dev.sluice.ingest;

import dev.sluice.platform.Cursor;
import dev.sluice.platform.PageDocument;
import dev.sluice.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.query.NativeQuery;

/**
 * Finds ingests, the newest first. Those of a caller who may use a few datasets are found dataset by dataset: in the order of
 * time they may be far apart.
 */
@ApplicationScoped
class IngestSearch {
    /** Datasets up to which it is quicker to look into each of them. Of more, some ingest in a row or so is of one of them. */
    private static final int FEW = 1000;

    /** Goes from name to name in the index, for each prefix as far as names begin with it. */
    private static final String NAMES = """
            WITH RECURSIVE found AS (
              SELECT p.prefix, (
                SELECT i.dataset FROM sluice.ingest i WHERE i.dataset COLLATE "C" >= p.prefix
                ORDER BY i.dataset COLLATE "C" LIMIT 1) AS name
              FROM unnest(cast(:prefixes AS text[])) AS p(prefix)
              UNION ALL
              SELECT f.prefix, (
                SELECT i.dataset FROM sluice.ingest i WHERE i.dataset COLLATE "C" > f.name
                ORDER BY i.dataset COLLATE "C" LIMIT 1)
              FROM found f WHERE starts_with(f.name, f.prefix))
            SELECT name FROM found WHERE starts_with(name, prefix) AND name ~ :regex LIMIT :most""";

    private static final String ORDERED = " ORDER BY created_at DESC, id DESC LIMIT :most";

    private final Session database;

    IngestSearch(Session database) {
        this.database = database;
    }

    /**
     * Ingests of the datasets that a caller may use, as part of the transaction there is.
     *
     * @param state {@code null}: any
     * @param dataset {@code null}: all of them
     * @param after where to go on
     * @param most how many at most
     * @return to be closed before the transaction ends
     */
    Stream<Ingest> newest(Caller caller, IngestState state, String dataset, Cursor after, int most) {
        Map<String, Object> values = new HashMap<>(Map.of("at", after.at(), "id", after.id(), "most", most));
        String ofState = "";
        if (state != null) {
            values.put("state", state.name());
            ofState = " AND state = :state";
        }
        String older = " (created_at, id) < (:at, :id)" + ofState;
        if (dataset == null && caller.datasets().isEmpty()) {
            return found("SELECT * FROM sluice.ingest WHERE" + older + ORDERED, values);
        }
        List<String> names = names(caller, dataset);
        if (names.size() > FEW) {
            values.put("regex", caller.datasetsRegex());
            return found("SELECT * FROM sluice.ingest WHERE" + older + " AND dataset ~ :regex" + ORDERED, values);
        }
        values.put("names", names.toArray(String[]::new));
        String index = state == null ? "" : " COLLATE \"C\""; // the one that the state is in
        String newest = "SELECT id, created_at FROM sluice.ingest WHERE dataset" + index + " = n.name AND" + older;
        return found(
                "SELECT * FROM sluice.ingest WHERE id IN ("
                        + "SELECT i.id FROM unnest(cast(:names AS text[])) AS n(name) CROSS JOIN LATERAL (" + newest
                        + ORDERED
                        + ") i" + ORDERED + ")" + ORDERED,
                values);
    }

    /**
     * Of the datasets that ingests are of, those that the caller may use, and names that the caller is given one by one; more
     * than {@link #FEW} are not all of them.
     */
    private List<String> names(Caller caller, String dataset) {
        if (dataset != null) {
            return caller.mayUse(dataset) ? List.of(dataset) : List.of();
        }
        Set<String> names = caller.datasets().stream()
                .filter(pattern -> !isPattern(pattern))
                .collect(Collectors.toCollection(TreeSet::new));
        names.addAll(database.createNativeQuery(NAMES, String.class)
                .setParameter("prefixes", prefixes(caller.datasets()).toArray(String[]::new))
                .setParameter("regex", caller.datasetsRegex())
                .setParameter("most", FEW + 1)
                .getResultList());
        return List.copyOf(names);
    }

    private static boolean isPattern(String name) {
        return name.indexOf('*') >= 0;
    }

    /** What patterns begin with, names left out. One that begins with another one is covered by it. */
    static List<String> prefixes(List<String> patterns) {
        List<String> prefixes = new ArrayList<>();
        patterns.stream()
                .filter(IngestSearch::isPattern)
                .map(p -> p.split("\\*", 2)[0])
                .sorted()
                .forEach(prefix -> {
                    if (prefixes.isEmpty() || !prefix.startsWith(prefixes.getLast())) {
                        prefixes.add(prefix);
                    }
                });
        return prefixes;
    }

    private Stream<Ingest> found(String sql, Map<String, Object> values) {
        NativeQuery<Ingest> query = database.createNativeQuery(sql, Ingest.class);
        values.forEach(query::setParameter);
        return query.setFetchSize(PageDocument.AT_ONCE).getResultStream();
    }
}
