package dev.sluice.platform.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Set;

/**
 * Leaves out of spans what has, or may quote, the query of a request or the URL of a source: conditions on rows may be personal
 * data, and URLs credentials. Messages of exceptions quote both.
 */
final class WithoutQueries implements SpanProcessor {
    private static final Set<String> PRIVATE =
            Set.of("url.query", "url.full", "http.target", "http.url", "exception.message", "exception.stacktrace");

    private final SpanProcessor next;

    WithoutQueries(SpanProcessor next) {
        this.next = next;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        next.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
        return next.isStartRequired();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        next.onEnd(new Ended(span));
    }

    @Override
    public boolean isEndRequired() {
        return next.isEndRequired();
    }

    @Override
    public CompletableResultCode shutdown() {
        return next.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return next.forceFlush();
    }

    private static Attributes without(Attributes attributes) {
        return attributes.toBuilder()
                .removeIf(attribute -> PRIVATE.contains(attribute.getKey()))
                .build();
    }

    private static final class Data extends DelegatingSpanData {
        private final Attributes attributes;
        private final List<EventData> events;

        private Data(SpanData whole) {
            super(whole);
            attributes = without(whole.getAttributes());
            events = whole.getEvents().stream()
                    .map(event -> EventData.create(
                            event.getEpochNanos(),
                            event.getName(),
                            without(event.getAttributes()),
                            event.getTotalAttributeCount()))
                    .toList();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Override
        public List<EventData> getEvents() {
            return events;
        }
    }

    /** A span that has ended. */
    private record Ended(ReadableSpan span) implements ReadableSpan {
        @Override
        public SpanData toSpanData() {
            return new Data(span.toSpanData());
        }

        @Override
        public Attributes getAttributes() {
            return without(span.getAttributes());
        }

        @Override
        public <T> T getAttribute(AttributeKey<T> key) {
            return getAttributes().get(key);
        }

        @Override
        public SpanContext getSpanContext() {
            return span.getSpanContext();
        }

        @Override
        public SpanContext getParentSpanContext() {
            return span.getParentSpanContext();
        }

        @Override
        public String getName() {
            return span.getName();
        }

        @Override
        @Deprecated
        public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
            return span.getInstrumentationLibraryInfo();
        }

        @Override
        public io.opentelemetry.sdk.common.InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return span.getInstrumentationScopeInfo();
        }

        @Override
        public boolean hasEnded() {
            return span.hasEnded();
        }

        @Override
        public long getLatencyNanos() {
            return span.getLatencyNanos();
        }

        @Override
        public SpanKind getKind() {
            return span.getKind();
        }
    }
}
