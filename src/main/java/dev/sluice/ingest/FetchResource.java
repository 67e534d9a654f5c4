package dev.sluice.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dataset.Dataset;
import dev.sluice.lease.Leases;
import dev.sluice.outbound.AddressGuard;
import dev.sluice.platform.JsonBody;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.DailyBytes;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Ingests whose source is a URL: queued here, fetched by a worker. */
@Path("/v1/datasets/{name}/ingests")
class FetchResource {
    private static final int MAX_URL = 8000;

    /** As many as the query of an upload has. */
    private static final int MAX_OPTIONS = 8000;

    private final Admission admission;
    private final AddressGuard guard;
    private final Leases leases;
    private final WorkerConfig config;
    private final Doorbell doorbell;
    private final DailyBytes daily;
    private final Traces traces;
    private final MemoryAccount memory;

    FetchResource(
            Admission admission,
            AddressGuard guard,
            Leases leases,
            WorkerConfig config,
            Doorbell doorbell,
            DailyBytes daily,
            Traces traces,
            MemoryAccount memory) {
        this.admission = admission;
        this.guard = guard;
        this.leases = leases;
        this.config = config;
        this.doorbell = doorbell;
        this.daily = daily;
        this.traces = traces;
        this.memory = memory;
    }

    @POST
    @RunOnVirtualThread
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.WRITE)
    @Operation(summary = "Fetch a URL as the next version of a dataset; answers at once, a worker does it")
    public Response fetch(
            @PathParam("name") String name,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @Context RoutingContext routing,
            @Context SecurityContext security,
            InputStream body)
            throws IOException {
        Actor actor = Actor.of(security, routing);
        String caller = actor.id();
        JsonNode asked =
                JsonBody.read(body, memory.inputOf(caller), routing); // first: what is not read of a body is kept
        Dataset.checkedName(name);
        URI url = guard.checkedUri(url(asked));
        Map<String, String> options = options(asked);
        SourceOptions.ofObject(options);
        IdempotencyKey key =
                IdempotencyKey.of(idempotencyKey, "POST", name, url.toString(), new TreeMap<>(options).toString());
        admission.check();
        daily.take(caller, 0);
        Optional<Ingest> first = admission.first(caller, key);
        Ingest ingest = first.orElseGet(() -> admission.begin(key, () -> enqueue(name, url, options, actor, key)));
        if (first.isEmpty()) {
            doorbell.ring();
        }
        return Response.accepted(IngestView.of(ingest, ingest.bytes, ingest.rows))
                .location(URI.create("/v1/ingests/" + ingest.id))
                .build();
    }

    private Ingest enqueue(String name, URI url, Map<String, String> options, Actor actor, IdempotencyKey key)
            throws SQLException {
        admission.checkQueued(actor.id(), config.queuePerKey());
        if (leases.full(config.queue())) {
            throw new ProblemException(ErrorCode.QUEUE_FULL, config.queue() + " ingests wait already.");
        }
        Ingest ingest = Ingest.fetch(name, url, options, actor.id(), key);
        ingest.traceParent = traces.here();
        leases.enqueue(ingest.id, actor.id());
        AuditEntry.record(actor, "ingest.queued", ingest.id.toString());
        return ingest;
    }

    private static String url(JsonNode asked) {
        if (!asked.isObject()) {
            throw invalid("The body is a JSON object with a url.");
        }
        asked.fieldNames().forEachRemaining(field -> {
            if (!field.equals("url") && !field.equals("options")) {
                throw invalid("'" + field + "' is not supported; there are url and options.");
            }
        });
        JsonNode url = asked.get("url");
        if (url == null || !url.isTextual() || url.textValue().length() > MAX_URL) {
            throw invalid("The url is a text of at most " + MAX_URL + " characters.");
        }
        return url.textValue();
    }

    private static Map<String, String> options(JsonNode asked) {
        JsonNode given = asked.get("options");
        if (given == null || given.isNull()) {
            return Map.of();
        }
        if (!given.isObject()) {
            throw invalid("The options are a JSON object.");
        }
        Map<String, String> options = new TreeMap<>();
        given.properties().forEach(option -> {
            if (!option.getValue().isValueNode() || option.getValue().isNull()) {
                throw invalid("Option '" + option.getKey() + "' is a text, a number or a boolean.");
            }
            options.put(option.getKey(), option.getValue().asText());
        });
        if (options.entrySet().stream()
                        .mapToInt(o -> o.getKey().length() + o.getValue().length())
                        .sum()
                > MAX_OPTIONS) {
            throw invalid("The options are texts of at most " + MAX_OPTIONS + " characters together.");
        }
        return options;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.REQUEST_INVALID, detail);
    }
}
