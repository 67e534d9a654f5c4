package dev.sluice.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows the stages of ingests: each is a span of its trace, and its seconds are a metric. The timers of all stages and
 * outcomes are registered at start, so that Prometheus sees the step from 0 to 1.
 */
@Startup
@ApplicationScoped
class Stages {
    private final MeterRegistry registry;
    private final Tracer tracer;

    Stages(MeterRegistry registry, Tracer tracer) {
        this.registry = registry;
        this.tracer = tracer;
        for (Stage stage : Stage.values()) {
            for (Outcome outcome : Outcome.values()) {
                timer(stage, outcome);
            }
        }
    }

    /** A piece of work that has an outcome, or throws. */
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** A piece of work without a result. */
    interface Step<E extends Exception> {
        void run() throws E;
    }

    /** Does the work of a stage. */
    <E extends Exception> void during(Stage stage, StopSignal stop, Step<E> step) throws E {
        this.<Void, E>during(stage, stop, () -> {
            step.run();
            return null;
        });
    }

    /**
     * Does the work of a stage.
     *
     * @param stop what may end it before its time, which is no failure
     */
    <T, E extends Exception> T during(Stage stage, StopSignal stop, Work<T, E> work) throws E {
        Span span = tracer.spanBuilder("ingest." + stage.label()).startSpan();
        long start = System.nanoTime();
        Outcome outcome = null;
        try (Scope _ = span.makeCurrent()) {
            T result = work.run();
            outcome = Outcome.SUCCEEDED;
            return result;
        } finally {
            if (outcome == null) {
                outcome = stop.reason().isPresent() ? Outcome.STOPPED : Outcome.FAILED;
            }
            timer(stage, outcome).record(Duration.ofNanos(System.nanoTime() - start));
            span.setAttribute("sluice.outcome", outcome.label());
            if (outcome == Outcome.FAILED) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    /** The wait in the queue, which is over by itself. */
    void waited(Duration took) {
        timer(Stage.WAIT, Outcome.SUCCEEDED).record(took);
    }

    private Timer timer(Stage stage, Outcome outcome) {
        return Timer.builder("sluice.ingest.stage")
                .description("stages of ingests")
                .tag("stage", stage.label())
                .tag("outcome", outcome.label())
                .register(registry);
    }

    /** How a stage ended. */
    enum Outcome {
        SUCCEEDED,
        FAILED,
        /** Cancelled, handed back, or taken over by another process. */
        STOPPED;

        /** As metrics and traces have it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
