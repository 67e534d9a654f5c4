package dev.sluice.ingest;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The end of a process: nothing new begins, what runs has time to finish, and what is left then is stopped, which hands
 * it back to the queue. Leases are renewed until then.
 */
@ApplicationScoped
class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);

    /** How long it may take to record that an ingest was handed back. */
    private static final Duration RECORDING = Duration.ofSeconds(5);

    private final Worker worker;
    private final Admission admission;
    private final RunningIngests running;
    private final WorkerConfig config;

    Drain(Worker worker, Admission admission, RunningIngests running, WorkerConfig config) {
        this.worker = worker;
        this.admission = admission;
        this.running = running;
        this.config = config;
    }

    void announced(@Observes ShutdownDelayInitiatedEvent event) {
        begin();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        begin();
        if (!running.awaitNone(config.grace())) {
            for (Running ingest : running.handBack()) {
                LOG.infof("Ingest %s is handed back", ingest.lease().job());
            }
            running.awaitNone(RECORDING);
        }
    }

    private void begin() {
        worker.drain();
        admission.drain();
    }
}
