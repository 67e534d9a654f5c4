package dev.sluice.ingest;

import dev.sluice.ingest.Signal.Notice;
import dev.sluice.platform.Background;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Reads the events of all ingests that clients of this process watch, over one connection, and only while any do. What it
 * keeps are the connections now open. Thread-safe.
 */
@ApplicationScoped
class EventReader {
    private static final Logger LOG = Logger.getLogger(EventReader.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Of one read; so long may the first event of an ingest stay unseen that was not watched when it began. */
    private static final Duration WAIT = Duration.ofMillis(500);

    private static final int BATCH = Follower.CAPACITY / 2;

    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final EventLog log;
    private volatile boolean draining;

    EventReader(EventLog log) {
        this.log = log;
    }

    void start(@Observes StartupEvent event, Background background, EventsConfig config) {
        background.repeat("event-reader", PAUSE, this::readOnce);
        background.repeat("event-checks", config.eventsCheckEvery(), this::checkOnce);
    }

    /** Streams would hold up a shutdown; their clients go on elsewhere. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        closeAll();
    }

    void stop(@Observes ShutdownEvent event) {
        closeAll();
    }

    private void closeAll() {
        draining = true;
        followers.forEach(follower -> follower.add(Notice.CLOSED));
    }

    /** Gives it every event after its position, until it is removed or falls behind. */
    void add(Follower follower) {
        followers.add(follower);
        if (draining) {
            follower.add(Notice.CLOSED);
        }
    }

    void remove(Follower follower) {
        followers.remove(follower);
    }

    /** Waits for events and hands them out; false if no client watches, or it is too early to look again. */
    boolean readOnce() {
        // Who comes while this waits may be behind what is read here, so its turn is the next one.
        List<Follower> reading = List.copyOf(followers);
        if (draining || reading.isEmpty()) {
            return false;
        }
        Map<UUID, StreamId> after = new HashMap<>();
        reading.forEach(f -> after.merge(f.ingest(), f.position(), StreamId::min));
        Map<UUID, List<Signal.Event>> found = log.await(after, BATCH, WAIT);
        reading.forEach(f -> handOut(found.getOrDefault(f.ingest(), List.of()), f));
        return !(found.isEmpty() && log.doesNotWait());
    }

    private void handOut(List<Signal.Event> events, Follower follower) {
        for (Signal.Event event : events) {
            if (!follower.offer(event)) {
                followers.remove(follower); // first, because it comes back as soon as it knows
                follower.add(Notice.LAGGING);
                return;
            }
        }
    }

    private boolean checkOnce() {
        closeForbidden();
        endSilent();
        return false;
    }

    /** Closes for those whose key or session has ended since. */
    private void closeForbidden() {
        followers.stream().filter(f -> !isAllowed(f)).forEach(f -> f.add(Notice.CLOSED));
    }

    /** Where that cannot be said they go on. */
    private static boolean isAllowed(Follower follower) {
        try {
            return follower.allowed().test();
        } catch (RuntimeException e) {
            LOG.debug("Whether all who watch may go on cannot be said now", e);
            return true;
        }
    }

    /** Tells those who hear nothing whether their ingest has ended: Redis may have lost the event. */
    private void endSilent() {
        Map<Follower, UUID> silent = new HashMap<>();
        for (Follower follower : followers) {
            if (follower.silent()) {
                silent.put(follower, follower.ingest());
            }
        }
        if (!silent.isEmpty()) {
            Set<UUID> ended = ended(new HashSet<>(silent.values()));
            silent.forEach((follower, ingest) -> {
                if (ended.contains(ingest)) {
                    follower.add(Notice.ENDED);
                }
            });
        }
    }

    private static Set<UUID> ended(Set<UUID> ingests) {
        List<Ingest> found = QuarkusTransaction.requiringNew()
                .call(() -> Ingest.list("id in ?1 and finishedAt is not null", ingests));
        return found.stream().map(ingest -> ingest.id).collect(Collectors.toSet());
    }
}
