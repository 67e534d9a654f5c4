package dev.sluice.chaos;

import dev.sluice.harness.Cluster;
import dev.sluice.harness.Sql;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What must be true when everything is at rest again. */
final class Oracle {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

    private static final List<String> WORK = List.of(
            "uploads acknowledged",
            "uploads sent twice at the same time",
            "uploads repeated after their answer",
            "restores acknowledged",
            "ingests of URLs succeeded",
            "ingests of URLs cancelled",
            "ingests queued and done while Redis was down",
            "ingests watched to their end",
            "reads of whole tables",
            "sign-ins",
            "versions compared cell for cell",
            "processes frozen while they held a lease");

    private final Map<String, String> configuration;
    private final Cluster cluster;
    private final Http http;
    private final History history;

    Oracle(Map<String, String> configuration, Cluster cluster, Http http, History history) {
        this.configuration = configuration;
        this.cluster = cluster;
        this.http = http;
        this.history = history;
    }

    void check() {
        for (String work : WORK) {
            if (history.counted(work) == 0) {
                history.fault("the run says nothing about this, there were none: " + work);
            }
        }
        nothingIsLeft("ingests that have not ended", """
                SELECT id || ' of ' || dataset || ', ' || state FROM sluice.ingest WHERE finished_at IS NULL
                  OR state NOT IN ('succeeded', 'failed', 'cancelled', 'unchanged')""");
        nothingIsLeft("leases", "SELECT job FROM sluice.lease");
        nothingIsLeft("segments that no version is made of", """
                SELECT id FROM sluice.segment s
                WHERE NOT EXISTS (SELECT FROM sluice.version_segment v WHERE v.segment_id = s.id)""");
        nothingIsLeft("tables without a segment, or segments without a table", """
                SELECT coalesce(s.table_name, t.tablename) FROM sluice.segment s
                FULL JOIN (SELECT tablename FROM pg_tables WHERE schemaname = 'data') t ON t.tablename = s.table_name
                WHERE s.id IS NULL OR t.tablename IS NULL""");
        nothingIsLeft("connections of processes that have ended", """
                SELECT application_name FROM pg_stat_activity WHERE application_name ~ '^(web|worker)-'
                  AND application_name <> ALL ('{""" + living() + "}'::text[])");
        nothingIsLeft("transactions that nobody ends", """
                SELECT pid || ' ' || application_name || ': ' || query FROM pg_stat_activity
                WHERE state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '2 s'""");
        versionsOfUploads();
        versionsOfFetches();
        contents();
    }

    /** Of every version that is kept: that of the upload that became it, or of the version that was restored. */
    private void contents() {
        Map<String, Integer> sequences = new HashMap<>();
        history.uploads().forEach(u -> sequences.put(u.dataset() + "@" + u.version(), u.sequence()));
        for (History.Restore restore : history.restores()) { // each client's in their order
            if (restore.version() != null) {
                sequences.put(
                        restore.dataset() + "@" + restore.version(),
                        sequences.get(restore.dataset() + "@" + restore.of()));
            }
        }
        String kept = "SELECT name || '@' || number FROM sluice.version v JOIN sluice.dataset d ON d.id = v.dataset_id";
        for (String version : Sql.query(configuration, kept + " WHERE name LIKE 'uploaded-%'")) {
            Integer sequence =
                    sequences.get(version); // none for a restore that was not answered, and for what restored that
            Http.Answer answer = http.csv("/rest/v1/" + version, Clients.PATIENCE);
            int found = Table.sequenceIfWhole(answer.body());
            if (answer.status() == 410) {
                history.count("versions retired while they were looked at");
            } else if (found < 0 || sequence != null && found != sequence) {
                history.fault(version + " is table " + found + " at the end; it was " + sequence);
            } else {
                history.count("kept versions read at the end");
            }
        }
    }

    private String living() {
        return cluster.members().stream().map(Cluster.Member::name).collect(Collectors.joining(","));
    }

    private void nothingIsLeft(String what, String sql) {
        long deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
        List<String> left = Sql.query(configuration, sql);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE);
            left = Sql.query(configuration, sql);
        }
        if (!left.isEmpty()) {
            history.fault(
                    "left after " + Clients.PATIENCE + ": " + left.size() + " " + what + ", first: " + left.getFirst());
        }
    }

    /** As many versions as keys that were acknowledged, and restores. */
    private void versionsOfUploads() {
        Map<String, Integer> expected = new HashMap<>();
        Set<String> versions = new HashSet<>();
        for (History.Upload upload : history.uploads()) {
            expected.merge(upload.dataset(), 1, Integer::sum);
            if (!versions.add(upload.dataset() + "@" + upload.version())) {
                history.fault("two keys were told the same version: " + upload);
            }
        }
        expected.forEach((dataset, uploads) -> {
            int restored = published(dataset, "NOT EXISTS");
            long acknowledged = history.restores().stream()
                    .filter(r -> r.dataset().equals(dataset)
                            && r.version() != null
                            && versions.add(dataset + "@" + r.version()))
                    .count();
            if (restored < acknowledged) {
                history.fault(
                        dataset + " has " + restored + " restored versions; " + acknowledged + " were acknowledged");
            }
            if (published(dataset, "EXISTS") != uploads) {
                history.fault(dataset + " has " + published(dataset, "EXISTS") + " versions by uploads; " + uploads
                        + " keys were acknowledged");
            }
            String last = Sql.query(
                            configuration, "SELECT last_number FROM sluice.dataset WHERE name = '" + dataset + "'")
                    .getFirst();
            if (Integer.parseInt(last) != uploads + restored) {
                history.fault(dataset + " is at version " + last + " after " + uploads + " uploads and " + restored
                        + " restores");
            }
        });
    }

    private int published(String dataset, String byIngest) {
        return Integer.parseInt(Sql.query(
                        configuration,
                        "SELECT count(*) FROM chaos.published p WHERE dataset = '" + dataset + "' AND " + byIngest
                                + " (SELECT FROM sluice.ingest i WHERE i.dataset = p.dataset AND i.version = p.version)")
                .getFirst());
    }

    private void versionsOfFetches() {
        Map<String, Integer> expected = new HashMap<>();
        for (History.Fetch fetch : history.fetches()) {
            expected.merge(fetch.dataset(), fetch.version() == null ? 0 : 1, Integer::sum);
        }
        expected.forEach((dataset, count) -> {
            if (published(dataset, "EXISTS") != count || published(dataset, "NOT EXISTS") != 0) {
                history.fault(dataset + " has " + published(dataset, "EXISTS") + " + "
                        + published(dataset, "NOT EXISTS") + " versions; " + count + " ingests succeeded");
            }
        });
        history.faults("one key had two ingests", Sql.query(configuration, """
                SELECT idempotency_key FROM sluice.ingest WHERE idempotency_key IS NOT NULL AND state IN ('succeeded', 'cancelled')
                GROUP BY 1 HAVING count(*) > 1"""));
    }
}
