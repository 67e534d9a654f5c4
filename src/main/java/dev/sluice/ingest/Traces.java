package dev.sluice.ingest;

import dev.sluice.lease.Lease;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the trace of a request with the ingest that it queues, so that the worker which takes it goes on with the same
 * one. The text is that of the header {@code traceparent} (W3C Trace Context).
 */
@ApplicationScoped
class Traces {
    private static final String TRACE_PARENT = "traceparent";
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public String get(Map<String, String> carrier, String key) {
            return carrier.get(key);
        }
    };

    private final Tracer tracer;

    Traces(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Where the trace is now; {@code null} if nobody traces. */
    String here() {
        Map<String, String> carrier = new HashMap<>();
        W3C.inject(Context.current(), carrier, Map::put);
        return carrier.get(TRACE_PARENT);
    }

    /**
     * Works on an ingest as part of the trace that it was queued in.
     *
     * @param traceParent what {@link #here} said then
     */
    void goOn(String traceParent, Lease lease, Runnable work) {
        Map<String, String> carrier = traceParent == null ? Map.of() : Map.of(TRACE_PARENT, traceParent);
        Span span = tracer.spanBuilder("ingest")
                .setParent(W3C.extract(Context.root(), carrier, GETTER))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("sluice.ingest", lease.job().toString())
                .startSpan();
        try (Scope _ = span.makeCurrent()) {
            work.run();
        } catch (RuntimeException e) {
            failed(span, Problems.of(e));
            throw e;
        } finally {
            span.end();
        }
    }

    /** The attempt that {@link #goOn} works on now has failed, whether or not there will be another. */
    void failed(ProblemException problem) {
        failed(Span.current(), problem);
    }

    private static void failed(Span span, ProblemException problem) {
        span.setStatus(StatusCode.ERROR, problem.code().name());
    }
}
