package dev.sluice.chaos;

import dev.sluice.harness.EventSource;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Watches the events of one ingest to the end, over as many connections to as many processes as it takes. */
final class Watcher {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String path;
    private final Clients clients;
    private final History history;
    private String last;
    private boolean done;

    Watcher(String ingest, Clients clients) {
        this.path = "/v1/ingests/" + ingest + "/events";
        this.clients = clients;
        this.history = clients.history();
    }

    void watch() {
        long deadline = System.nanoTime() + Clients.PATIENCE.toNanos();
        while (!done) {
            if (System.nanoTime() > deadline) {
                history.fault("no end was seen of " + path + "; the last event was " + last);
                return;
            }
            try (EventSource events = EventSource.open(clients.cluster(), path, last, "apikey", Credential.KEY)) {
                CompletableFuture.delayedExecutor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                        .execute(events::close);
                connected(events);
            } catch (UncheckedIOException e) {
                history.count("event streams cut");
            }
            if (!done) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        history.count("ingests watched to their end");
    }

    private void connected(EventSource events) {
        int status = events.response().statusCode();
        if (status == 204) {
            done = true; // it has the end already
            return;
        }
        if (status != 200) {
            if (status != 503) {
                history.fault(path + " answered " + status);
            }
            return;
        }
        for (EventSource.Event event = events.next(); event != null; event = events.next()) {
            if (event.id() != null) {
                if (last != null && compare(event.id(), last) <= 0) {
                    history.fault(path + " sent " + event.id() + " after " + last);
                }
                last = event.id();
            }
            history.count("events seen");
            done |= event.type().equals("done");
        }
    }

    /** Ids of a Redis stream: milliseconds, and a number within them. */
    private static int compare(String a, String b) {
        String[] x = a.split("-", 2);
        String[] y = b.split("-", 2);
        int millis = Long.compare(Long.parseLong(x[0]), Long.parseLong(y[0]));
        return millis != 0 ? millis : Long.compare(Long.parseLong(x[1]), Long.parseLong(y[1]));
    }
}
