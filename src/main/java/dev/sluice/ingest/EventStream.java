package dev.sluice.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.ingest.Signal.Notice;
import dev.sluice.platform.identity.StillAllowed;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The events of one ingest as one client gets them, as server-sent events (HTML standard, section 9.2): what Redis has, then
 * what comes, until {@code done}. If Redis has lost that it is made from the database, and has no id.
 */
final class EventStream implements StreamingOutput {
    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final int BATCH = 200;
    private static final String RECONNECT_AFTER_A_SECOND = "retry: 1000\n\n";
    private static final String KEEP_ALIVE = ":\n\n";

    private final UUID ingest;
    private final EventLog log;
    private final EventReader reader;
    private final Events events;
    private final EventsConfig config;
    private final Follower follower;
    private StreamId written;
    private boolean ended;

    /**
     * @param after the last event the client has; {@link StreamId#ZERO} if none
     * @param ended whether the catalog says that the ingest has ended
     * @param allowed whether the client may go on
     */
    EventStream(
            UUID ingest,
            StreamId after,
            boolean ended,
            StillAllowed allowed,
            EventLog log,
            EventReader reader,
            Events events,
            EventsConfig config) {
        this.ingest = ingest;
        this.written = after;
        this.ended = ended;
        this.log = log;
        this.reader = reader;
        this.events = events;
        this.config = config;
        this.follower = new Follower(ingest, after, allowed);
    }

    /** Ends it early; on any thread. */
    void close() {
        follower.add(Notice.CLOSED);
    }

    @Override
    public void write(OutputStream out) throws IOException {
        send(out, RECONNECT_AFTER_A_SECOND);
        try {
            if (!catchUp(out) && !(ended && endWithoutEvents(out))) {
                follow(out);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reader.remove(follower);
        }
    }

    private void follow(OutputStream out) throws IOException, InterruptedException {
        resume();
        for (boolean open = true; open; ) {
            open = switch (follower.next(config.eventsKeepAlive())) {
                case Signal.Event event -> !send(out, event);
                case Notice.SILENCE -> {
                    send(out, KEEP_ALIVE);
                    yield true;
                }
                case Notice.LAGGING -> {
                    boolean done = catchUp(out);
                    resume();
                    yield !done;
                }
                case Notice.ENDED -> !(catchUp(out) || end(out));
                case Notice.CLOSED -> false;
            };
        }
    }

    private void resume() {
        follower.resume(written);
        reader.add(follower);
    }

    /** Sends what Redis has; whether the end was among it. */
    private boolean catchUp(OutputStream out) throws IOException {
        List<Signal.Event> found;
        do {
            try {
                found = log.after(ingest, written, BATCH);
            } catch (RuntimeException e) {
                LOG.debugf(e, "Redis has no events of ingest %s; the reader tries again", ingest);
                return false;
            }
            for (Signal.Event event : found) {
                if (send(out, event)) {
                    return true;
                }
            }
        } while (found.size() == BATCH);
        return false;
    }

    /** The end, if the ingest has no events in Redis that could still be followed by it. */
    private boolean endWithoutEvents(OutputStream out) throws IOException {
        try {
            if (log.has(ingest)) {
                return false;
            }
        } catch (RuntimeException e) {
            LOG.debugf(e, "Redis does not say whether there are events of ingest %s", ingest);
        }
        return sendDone(out);
    }

    /** The end as the database has it, the second time it says so: the first time its event may be on its way. */
    private boolean end(OutputStream out) throws IOException {
        if (!ended) {
            ended = true;
            return endWithoutEvents(out);
        }
        return sendDone(out);
    }

    private boolean sendDone(OutputStream out) throws IOException {
        String data = QuarkusTransaction.requiringNew().call(() -> events.data(Ingest.of(ingest)));
        send(out, "event: " + Signal.Event.DONE + "\ndata: " + data + "\n\n");
        return true;
    }

    /** Sends an event unless it was sent before; whether it was the end. */
    private boolean send(OutputStream out, Signal.Event event) throws IOException {
        if (!event.id().isAfter(written)) {
            return false;
        }
        send(out, "id: " + event.id() + "\nevent: " + event.type() + "\ndata: " + event.data() + "\n\n");
        written = event.id();
        return event.isDone();
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
