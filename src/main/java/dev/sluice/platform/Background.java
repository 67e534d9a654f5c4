package dev.sluice.platform;

import io.quarkus.runtime.ShutdownEvent;
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
    public void repeat(String name, Duration pause, BooleanSupplier step) {
        RunUntilShutdown loop = new RunUntilShutdown(name, pause, step);
        loops.add(loop);
        Thread.ofPlatform().name(name).daemon().start(loop);
    }

    void stop(@Observes ShutdownEvent event) {
        loops.forEach(RunUntilShutdown::stop);
    }
}
