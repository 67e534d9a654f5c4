package dev.sluice.harness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Several processes of each type on one PostgreSQL and one Redis, the {@code web} ones behind a balancer. */
public final class Cluster implements Endpoint, AutoCloseable {
    private static final List<String> CONNECTION_NAMES = List.of(
            "quarkus.datasource.jdbc.additional-jdbc-properties.ApplicationName",
            "quarkus.datasource.heartbeat.jdbc.additional-jdbc-properties.ApplicationName");

    private final Map<String, String> configuration;
    private final List<Member> webs;
    private final List<Member> workers;
    private final Balancer balancer;

    private Cluster(int webs, int workers, Map<String, String> configuration) {
        this.configuration = configuration;
        this.webs = members("web", webs);
        this.workers = members("worker", workers);
        this.balancer = Balancer.before(
                () -> this.webs.stream().map(web -> web.service().port()).toList());
    }

    private List<Member> members(String type, int count) {
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            members.add(new Member(type, i));
        }
        return List.copyOf(members);
    }

    /** Applies the schema, starts the processes and waits until all are ready. */
    public static Cluster start(int webs, int workers, Map<String, String> configuration) {
        Service.migrate(configuration);
        Cluster cluster = new Cluster(webs, workers, configuration);
        cluster.members().forEach(member -> member.service().awaitReady());
        return cluster;
    }

    /** A place for a process: when that ends another can take it. */
    public final class Member {
        private final String type;
        private final int number;
        private int generation;
        private volatile Service service;

        private Member(String type, int number) {
            this.type = type;
            this.number = number;
            replace();
        }

        public Service service() {
            return service;
        }

        /** What the process calls itself at PostgreSQL; no two ever have the same name. */
        public synchronized String name() {
            return type + "-" + number + "." + generation;
        }

        /** Starts another process in this place; the one before has ended, or is about to. */
        public synchronized void replace() {
            generation++;
            Map<String, String> own = new HashMap<>(configuration);
            CONNECTION_NAMES.forEach(key -> own.put(key, name()));
            service = Service.start(type, own);
        }
    }

    /** Of the balancer. */
    @Override
    public int port() {
        return balancer.port();
    }

    public Balancer balancer() {
        return balancer;
    }

    public List<Member> members() {
        return Stream.concat(webs.stream(), workers.stream()).toList();
    }

    @Override
    public void close() {
        balancer.close();
        members().forEach(member -> member.service().close());
    }
}
