package dev.sluice.chaos;

import dev.sluice.harness.Cluster;
import dev.sluice.harness.RedisConnection;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import dev.sluice.local.EmbeddedServers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Disturbs a cluster by a schedule that a seed decides: what happens when, and to which process. */
final class Disturbances {
    /** Everything stays disturbed for this long after what disturbed it is over: connections are made again. */
    private static final Duration AFTERMATH = Duration.ofSeconds(8);

    /** From SIGTERM to the end: the grace of uploads and of workers, and what may then still be recorded. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(60);

    private static final Duration HOLDER_WITHIN = Duration.ofSeconds(1);
    private static final Duration STALL = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final EmbeddedServers servers;
    private final Map<String, String> configuration;
    private final History history;
    private final Duration lease;
    private final Set<Cluster.Member> frozen = ConcurrentHashMap.newKeySet();
    private final List<Thread> thawing = new ArrayList<>();

    Disturbances(
            Cluster cluster,
            EmbeddedServers servers,
            Map<String, String> configuration,
            Duration lease,
            History history) {
        this.cluster = cluster;
        this.servers = servers;
        this.configuration = configuration;
        this.lease = lease;
        this.history = history;
    }

    /** What can be done to a process or a server, and how often: every so many seconds on average. */
    enum Kind {
        KILL(5),
        FREEZE(25),
        STOP(45),
        CRASH_POSTGRES(150),
        CRASH_POSTGRES_AT_COMMIT(100),
        FLUSH_REDIS(60),
        RESTART_REDIS(130),
        CUT_CONNECTIONS(20);

        private final int everySeconds;

        Kind(int everySeconds) {
            this.everySeconds = everySeconds;
        }
    }

    /** @param pick of the process, and of times */
    record Event(Duration at, Kind kind, int pick) {}

    /** The same for the same seed, as far as it goes. */
    static List<Event> schedule(long seed, Duration length) {
        List<Event> events = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Random random = new Random(seed * 1009 + kind.name().hashCode());
            double at = kind.everySeconds * random.nextDouble();
            while (at < length.toSeconds()) {
                events.add(new Event(Duration.ofMillis((long) (at * 1000)), kind, random.nextInt(1_000_000)));
                at += kind.everySeconds * (0.6 + 0.8 * random.nextDouble());
            }
        }
        events.sort(Comparator.comparing(Event::at));
        return events;
    }

    /** Does all of it, and returns when every process is there again. */
    void run(List<Event> events) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Thread.ofPlatform().daemon().start(this::watchForStalls);
        for (Event event : events) {
            if (history.isFound()) {
                return;
            }
            long wait = event.at().toNanos() - (System.nanoTime() - start);
            LockSupport.parkNanos(Math.max(0, wait));
            disturb(event);
        }
        for (Thread thread : thawing) {
            thread.join();
        }
        cluster.members().forEach(member -> member.service().awaitReady());
    }

    /** A machine on which a thread does not run for so long cannot renew leases in time either. */
    private void watchForStalls() {
        while (true) {
            Instant before = Instant.now();
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            Instant after = Instant.now();
            if (Duration.between(before, after).compareTo(STALL) > 0) {
                history.disturbed("*", before, after.plus(AFTERMATH));
                history.count("times this machine stood still for " + STALL.toSeconds() + " s");
            }
        }
    }

    private void disturb(Event event) throws IOException {
        history.note(event.kind() + " " + event.pick());
        switch (event.kind()) {
            case KILL -> kill(event.pick());
            case FREEZE -> freeze(event.pick());
            case STOP -> stop(event.pick());
            case CRASH_POSTGRES -> crash();
            case CRASH_POSTGRES_AT_COMMIT -> crashAtCommit();
            case FLUSH_REDIS -> history.forgetting(this::flushRedis);
            case RESTART_REDIS -> history.forgetting(() -> restartRedis(event.pick()));
            case CUT_CONNECTIONS -> history.note(cluster.balancer().cut() + " connections cut");
        }
        history.count("did " + event.kind());
    }

    private static String last(Service service) {
        String output = service.output();
        return output.substring(Math.max(0, output.length() - 500));
    }

    /** One that is not frozen; there is always one, for few are frozen at a time. */
    private Cluster.Member picked(int pick) {
        List<Cluster.Member> members =
                cluster.members().stream().filter(m -> !frozen.contains(m)).toList();
        Cluster.Member member = members.get(pick % members.size());
        if (!member.service().isAlive()) {
            history.fault(member.name() + " has ended by itself: " + last(member.service()));
        }
        return member;
    }

    private void kill(int pick) {
        Cluster.Member member = picked(pick);
        Instant now = Instant.now();
        String name = member.name();
        member.service().kill();
        history.disturbed(name, now, Instant.MAX);
        history.note("killed " + name);
        member.replace();
    }

    /** As Kubernetes ends a pod: another one starts while it ends. */
    private void stop(int pick) {
        Cluster.Member member = picked(pick);
        Service leaving = member.service();
        history.disturbed(member.name(), Instant.now(), Instant.MAX);
        history.note("stopping " + member.name());
        leaving.signal("TERM");
        member.replace();
        thawing.add(Thread.ofPlatform().start(() -> {
            long asked = System.nanoTime();
            int code = leaving.exitCode();
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            if (code != 143 || took.compareTo(SHUTDOWN) > 0) {
                history.fault("after SIGTERM a process ended with " + code + " after " + took + ": " + last(leaving));
            }
        }));
    }

    /** One that works under a lease, if there is one within a second. */
    private Cluster.Member holder(int pick) {
        for (long end = System.nanoTime() + HOLDER_WITHIN.toNanos(); System.nanoTime() < end; ) {
            List<String> holders = Audit.holders(configuration);
            List<Cluster.Member> found = cluster.members().stream()
                    .filter(m -> holders.contains(m.name()) && !frozen.contains(m))
                    .toList();
            if (!found.isEmpty()) {
                return found.get(pick % found.size());
            }
        }
        return picked(pick);
    }

    /** Past the lease, and then it goes on as if nothing had happened. */
    private void freeze(int pick) {
        Cluster.Member member = holder(pick);
        Service service = member.service();
        String name = member.name();
        Instant from = Instant.now();
        frozen.add(member);
        service.signal("STOP");
        if (Audit.holders(configuration).contains(name)) {
            history.count("processes frozen while they held a lease");
        }
        history.note("froze " + name);
        Duration length = lease.plusMillis(1000 + pick % 4000);
        thawing.add(Thread.ofPlatform().start(() -> {
            history.disturbed(name, from, from.plus(length).plus(AFTERMATH));
            LockSupport.parkNanos(length.toNanos());
            service.signal("CONT");
            history.note("thawed " + name);
            frozen.remove(member);
        }));
    }

    private void crash() throws IOException {
        Instant from = Instant.now();
        servers.crashPostgres();
        history.disturbed("*", from, Instant.now().plus(AFTERMATH));
    }

    /**
     * Crashes it when there are transactions that it has committed and not answered for: each waits for a second server
     * that does not exist.
     */
    private void crashAtCommit() throws IOException {
        Instant from = Instant.now();
        Sql.run(configuration, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        Sql.query(configuration, "SELECT pg_reload_conf()");
        String publishing = """
                SELECT count(*) FROM pg_stat_activity a WHERE wait_event = 'SyncRep' AND EXISTS (
                  SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.relation = 'sluice.version'::regclass
                    AND l.mode = 'RowExclusiveLock')""";
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        int commits = 0;
        while (commits == 0 && System.nanoTime() < deadline) {
            commits = Integer.parseInt(Sql.query(configuration, publishing).getFirst());
        }
        Sql.run(configuration, "ALTER SYSTEM RESET synchronous_standby_names"); // holds from the next start
        servers.crashPostgres();
        history.disturbed("*", from, Instant.now().plus(AFTERMATH));
        history.note(commits + " publishing commits were not answered");
        for (int i = 0; i < commits; i++) {
            history.count("publishing commits that PostgreSQL did not answer");
        }
    }

    private void flushRedis() {
        try (RedisConnection redis = RedisConnection.to(configuration)) {
            redis.send("FLUSHALL");
        }
    }

    private void restartRedis(int pick) throws IOException {
        servers.stopRedis();
        LockSupport.parkNanos(Duration.ofMillis(pick % 3000).toNanos());
        servers.startRedis();
    }
}
