package dev.sluice.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Shows the stages of ingests: each is a span of its trace, and its seconds are a metric. */
@ApplicationScoped
class Stages {
    private final MeterRegistry registry;
    private final Tracer tracer;

    Stages(MeterRegistry registry, Tracer tracer) {
        this.registry = registry;
        this.tracer = tracer;
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
    <E extends Exception> void during(Stage stage, Step<E> step) throws E {
        this.<Void, E>during(stage, () -> {
            step.run();
            return null;
        });
    }

    /** Does the work of a stage. */
    <T, E extends Exception> T during(Stage stage, Work<T, E> work) throws E {
        Span span = tracer.spanBuilder("ingest." + stage.label()).startSpan();
        long start = System.nanoTime();
        boolean succeeded = false;
        try (Scope _ = span.makeCurrent()) {
            T result = work.run();
            succeeded = true;
            return result;
        } finally {
            ended(stage, Duration.ofNanos(System.nanoTime() - start), succeeded);
            if (!succeeded) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    /** A stage that took that long. */
    void ended(Stage stage, Duration took, boolean succeeded) {
        Timer.builder("sluice.ingest.stage")
                .description("stages of ingests")
                .tag("stage", stage.label())
                .tag("outcome", succeeded ? "succeeded" : "failed")
                .register(registry)
                .record(took);
    }
}
