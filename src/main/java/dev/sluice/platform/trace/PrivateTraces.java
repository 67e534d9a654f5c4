package dev.sluice.platform.trace;

import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.quarkus.arc.All;
import io.quarkus.opentelemetry.runtime.AutoConfiguredOpenTelemetrySdkBuilderCustomizer;
import io.quarkus.opentelemetry.runtime.exporter.otlp.tracing.RemoveableLateBoundSpanProcessor;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Has every span pass {@link WithoutQueries} before it is sent. Takes the place of the customizer of Quarkus that gives the
 * processors to the tracer, which {@code application.properties} excludes: Quarkus has no hook for what its exporter sends.
 */
@Singleton
class PrivateTraces implements AutoConfiguredOpenTelemetrySdkBuilderCustomizer {
    private final List<SpanProcessor> processors;

    PrivateTraces(@All List<SpanProcessor> processors) {
        this.processors = processors;
    }

    @Override
    public void customize(AutoConfiguredOpenTelemetrySdkBuilder builder) {
        builder.addTracerProviderCustomizer((provider, _) -> {
            processors.stream()
                    .filter(processor ->
                            !(processor instanceof RemoveableLateBoundSpanProcessor)) // there is no exporter
                    .map(WithoutQueries::new)
                    .forEach(provider::addSpanProcessor);
            return provider;
        });
    }
}
