package dev.sluice.platform;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** The work a process does besides answering requests. */
@ApplicationScoped
public class Background {
    private static final Logger LOG = Logger.getLogger(Background.class);

    /** The status of a process that met an error, as {@code ExitOnOutOfMemoryError} has it. */
    private static final int FAILED = 3;

    private final List<RunUntilShutdown> loops = new CopyOnWriteArrayList<>();

    /**
     * Takes a step again and again until the process shuts down.
     *
     * @param pause whenever there is nothing to do
     * @param step true if there may be more to do at once; when it throws it is tried again after the pause
     */
    public Loop repeat(String name, Duration pause, BooleanSupplier step) {
        RunUntilShutdown loop = new RunUntilShutdown(name, pause, step, e -> end(name, e));
        loops.add(loop);
        Thread.ofPlatform().name(name).daemon().start(loop);
        return loop;
    }

    /** At once: a shutdown would need what failed. Others take over the leases of this process when they expire. */
    private static void end(String name, Error e) {
        LOG.fatalf(e, "%s met an error, so this process ends", name);
        Runtime.getRuntime().halt(FAILED);
    }

    /** Steps taken again and again. */
    public interface Loop {
        /** Ends the pause there is now, or the next one. */
        void wake();
    }

    /** Last: what still runs may need the loops. */
    void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        loops.forEach(RunUntilShutdown::stop);
    }
}
