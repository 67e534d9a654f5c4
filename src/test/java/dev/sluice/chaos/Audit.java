package dev.sluice.chaos;

import dev.sluice.harness.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * PostgreSQL's own record of who changed which lease and who published what, made by triggers: what the processes say of
 * themselves is not needed to judge them.
 */
final class Audit {
    private static final String TRIGGERS = """
            CREATE SCHEMA chaos;
            CREATE TABLE chaos.lease_change (
              id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
              process text NOT NULL DEFAULT current_setting('application_name'),
              job uuid, held_by uuid, until timestamptz, owner uuid, deadline timestamptz, only_cancel boolean,
              op text, old_token bigint, token bigint);
            CREATE FUNCTION chaos.lease_changed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO chaos.lease_change (job, held_by, until, owner, deadline, only_cancel, op, old_token, token)
              VALUES (coalesce(new.job, old.job), old.owner, old.deadline, new.owner, new.deadline,
                new.cancel AND new.owner = old.owner AND new.deadline = old.deadline,
                tg_op, old.token, new.token);
              RETURN NULL;
            END $$;
            CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON sluice.lease
              FOR EACH ROW EXECUTE FUNCTION chaos.lease_changed();
            CREATE TABLE chaos.published (
              id bigserial PRIMARY KEY, process text NOT NULL DEFAULT current_setting('application_name'),
              dataset text NOT NULL, version integer NOT NULL);
            CREATE FUNCTION chaos.version_made() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO chaos.published (dataset, version)
              SELECT name, new.number FROM sluice.dataset WHERE id = new.dataset_id;
              RETURN NULL;
            END $$;
            CREATE TRIGGER chaos AFTER INSERT ON sluice.version FOR EACH ROW EXECUTE FUNCTION chaos.version_made();
            """;

    private final Map<String, String> configuration;
    private final Duration lease;
    private final History history;

    Audit(Map<String, String> configuration, Duration lease, History history) {
        this.configuration = configuration;
        this.lease = lease;
        this.history = history;
    }

    void begin() {
        Sql.run(configuration, TRIGGERS);
    }

    void check() {
        leasesChangedByOthers();
        deadlinesOfAnotherClock();
        history.faults("a lease was given away without a greater token", Sql.query(configuration, """
                SELECT format('job %s, by %s', job, process) FROM chaos.lease_change
                WHERE owner IS NOT NULL AND owner IS DISTINCT FROM held_by AND token <= old_token ORDER BY id"""));
        history.faults("a job that waited was changed by who does not hold it", Sql.query(configuration, """
                SELECT format('%s of job %s by %s', op, job, process) FROM chaos.lease_change
                WHERE op <> 'INSERT' AND held_by IS NULL AND owner IS NULL AND NOT (op = 'DELETE' AND process LIKE 'web-%')
                ORDER BY id"""));
        takenWithoutNeed();
        publishedWithoutAnIngest();
    }

    /** Which process calls itself what in the lease table: whoever took a lease that was free. */
    private static final String PROCESSES = "(SELECT DISTINCT ON (owner) owner, process FROM chaos.lease_change"
            + " WHERE owner IS NOT NULL AND owner IS DISTINCT FROM held_by ORDER BY owner, id)";

    /** The names of the processes that hold a lease now. */
    static List<String> holders(Map<String, String> configuration) {
        return Sql.query(
                configuration, "SELECT p.process FROM sluice.lease l JOIN " + PROCESSES + " p ON p.owner = l.owner");
    }

    private void leasesChangedByOthers() {
        history.faults(
                "a process changed a lease that another one held", Sql.query(configuration, """
                SELECT format('%s changed the lease of job %s, which %s held until %s, at %s', c.process, c.job,
                  p.process, c.until, c.at)
                FROM chaos.lease_change c JOIN\s""" + PROCESSES + """
                 p ON p.owner = c.held_by
                WHERE c.process <> p.process AND c.until >= c.at AND only_cancel IS NOT TRUE ORDER BY c.id"""));
    }

    private void deadlinesOfAnotherClock() {
        String shouldBe = "(at + interval '" + lease.toMillis() + " ms')";
        history.faults(
                "a deadline was not the database's time and a lease",
                Sql.query(
                        configuration,
                        "SELECT format('%s set the deadline of job %s to %s at %s', process, job, deadline, at)"
                                + " FROM chaos.lease_change WHERE deadline IS DISTINCT FROM until AND (deadline > "
                                + shouldBe
                                + " OR deadline < " + shouldBe + " - interval '4 s') ORDER BY id"));
    }

    /** Only who was disturbed may lose a lease: all others renew theirs. */
    private void takenWithoutNeed() {
        Map<String, String> processes = new HashMap<>();
        for (String row : Sql.query(configuration, "SELECT owner || ' ' || process FROM " + PROCESSES + " p")) {
            processes.put(row.substring(0, 36), row.substring(37));
        }
        String sql = "SELECT held_by || ' ' || extract(epoch FROM until) || ' ' || extract(epoch FROM at) || ' ' || job"
                + " FROM chaos.lease_change WHERE held_by IS NOT NULL AND owner IS NOT NULL AND held_by <> owner";
        for (String row : Sql.query(configuration, sql)) {
            String[] fields = row.split(" ", 4);
            String holder = processes.get(fields[0]);
            Instant until = instant(fields[1]);
            if (history.wasDisturbed(holder, until.minus(lease.plusSeconds(2)), instant(fields[2]))) {
                history.count("leases taken from processes that were disturbed");
            } else {
                history.fault("nothing disturbed " + holder + ", and yet it lost the lease of job " + fields[3]
                        + ", which ended at " + until);
            }
        }
    }

    private static Instant instant(String epoch) {
        return Instant.ofEpochMilli(
                new java.math.BigDecimal(epoch).movePointRight(3).longValue());
    }

    /** Each version is what one ingest became; or it was restored, and the clients know of that. */
    private void publishedWithoutAnIngest() {
        String sql = "SELECT p.dataset || ' ' || p.version FROM chaos.published p LEFT JOIN sluice.ingest i"
                + " ON i.dataset = p.dataset AND i.version = p.version AND i.state = 'succeeded'"
                + " WHERE i.id IS NULL ORDER BY p.id";
        Map<String, Integer> unanswered = new HashMap<>();
        for (History.Restore restore : history.restores()) {
            if (restore.version() == null) {
                unanswered.merge(restore.dataset(), 1, Integer::sum);
            }
        }
        for (String row : Sql.query(configuration, sql)) {
            String dataset = row.substring(0, row.indexOf(' '));
            int version = Integer.parseInt(row.substring(row.indexOf(' ') + 1));
            if (history.restores().stream()
                    .anyMatch(r -> r.dataset().equals(dataset) && Objects.equals(r.version(), version))) {
                history.count("versions explained by a restore");
            } else if (unanswered.merge(dataset, -1, Integer::sum) >= 0) {
                history.count("versions explained by a restore that was not answered");
            } else {
                history.fault("version " + version + " of " + dataset
                        + " was published, and no ingest says that it succeeded");
            }
        }
        history.faults("an ingest says it became a version that was never published", Sql.query(configuration, """
                SELECT format('%s is version %s of %s', i.id, i.version, i.dataset) FROM sluice.ingest i
                LEFT JOIN chaos.published p ON p.dataset = i.dataset AND p.version = i.version
                WHERE i.state = 'succeeded' AND p.id IS NULL"""));
        history.faults("a version number was given twice", Sql.query(configuration, """
                SELECT dataset || ' ' || version FROM chaos.published GROUP BY dataset, version HAVING count(*) > 1"""));
    }
}
