package dev.sluice.platform;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The work a process does besides answering requests. */
@ApplicationScoped
public class Background {
    private final List<RunUntilShutdown> loops = new CopyOnWriteArrayList<>();

    /**
     * Takes a step again and again until the process shuts down.
     *
     * @param pause whenever there is nothing to do
     * @param step true if there may be more to do at once; when it throws it is tried again after the pause
     */
    public Loop repeat(String name, Duration pause, BooleanSupplier step) {
        RunUntilShutdown loop = new RunUntilShutdown(name, pause, step);
        loops.add(loop);
        Thread.ofPlatform().name(name).daemon().start(loop);
        return loop;
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
