package dev.sluice.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.platform.ETags;
import dev.sluice.platform.ProblemMapper;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The rows of a dataset, as PostgREST 12 would answer. On virtual threads. */
@Path("/rest/v1")
@RunOnVirtualThread
class RowsResource {
    private static final String PATH = "/rest/v1/{target}";

    /** A row in an answer, at the most, as a multiple of the bytes that a relation says: texts of values, quotes doubled. */
    private static final int LONGER_IN_CSV = 2;

    /** The same in JSON, which writes six bytes for a control character. */
    private static final int LONGER_IN_JSON = 3;

    /** How much longer the values of a row may be that are written out, in bytes. */
    private static final long WIDER = 256 * 1024;

    private static final Set<String> PAGING = Set.of("limit", "offset", "_after", Asked.DOWNLOAD);

    private final Rows rows;
    private final QueryConfig config;
    private final Relations relations;
    private final Answers answers;
    private final Description description;
    private final OnceMore onceMore;
    private final MemoryAccount memory;
    private final ObjectMapper json;
    private final String release;

    RowsResource(
            Rows rows,
            QueryConfig config,
            Relations relations,
            Answers answers,
            Description description,
            OnceMore onceMore,
            MemoryAccount memory,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.version") String release) {
        this.rows = rows;
        this.config = config;
        this.relations = relations;
        this.answers = answers;
        this.description = description;
        this.onceMore = onceMore;
        this.memory = memory;
        this.json = json;
        this.release = release;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Requires(Scope.READ)
    @Operation(summary = "The datasets that the key is for and their columns, by name, as an OpenAPI document")
    public Response describe(
            @QueryParam("after") String after, @Context SecurityContext security, @Context RoutingContext routing) {
        return onceMore.ifLost(() -> description.describe(after, Caller.of(security), routing));
    }

    @GET
    @Path("/{target}")
    @Produces(MediaType.WILDCARD)
    @Requires(Scope.READ)
    @Operation(summary = "Rows as JSON, CSV or NDJSON; with Prefer: rendering=source as the source wrote them")
    public Response rows(
            @PathParam("target") String target,
            @HeaderParam("Prefer") List<String> prefer,
            @HeaderParam("Range") String range,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context SecurityContext security,
            @Context RoutingContext routing) {
        Asked asked = Asked.of(prefer, range, headers, uri);
        Client client = Client.of(Caller.of(security), routing);
        return onceMore.ifLost(() -> rows(target, asked, known, uri, client, routing));
    }

    private Response rows(
            String target, Asked asked, List<String> known, UriInfo uri, Client client, RoutingContext routing) {
        try (MemoryAccount.Input input = memory.inputOf(client.caller())) {
            return rows(relations.named(target, input), asked, known, uri, client, routing);
        }
    }

    private Response rows(
            Relations.Named named,
            Asked asked,
            List<String> known,
            UriInfo uri,
            Client client,
            RoutingContext routing) {
        Optional<String> etag = asked.etag(named.version(), release);
        if (etag.isPresent() && ETags.matchWeakly(known, etag.get())) {
            return recognised(Response.notModified(), etag);
        }
        Relation relation = named.relation().get();
        etag = asked.etag(relation.version(), release);
        RowsQuery query = asked.range().of(QueryParser.parse(asked.parameters(), relation));
        Supplier<Response.ResponseBuilder> database = () -> found(asked, query, relation, uri, client, routing);
        Response.ResponseBuilder answer = query.isByNumber() || etag.isEmpty()
                ? database.get()
                : answers.get(etag.get(), client.caller(), database);
        answer.type(asked.accepted().mediaType());
        asked.disposition(relation).ifPresent(file -> answer.header(HttpHeaders.CONTENT_DISPOSITION, file));
        return recognised(answer, etag);
    }

    private static Response recognised(Response.ResponseBuilder answer, Optional<String> etag) {
        etag.ifPresent(tag -> answer.header(HttpHeaders.ETAG, tag));
        return answer.header(HttpHeaders.VARY, Asked.VARY).build();
    }

    private Response.ResponseBuilder found(
            Asked asked, RowsQuery query, Relation relation, UriInfo uri, Client client, RoutingContext routing) {
        try (Shares.Place _ = query.hasPatterns() ? rows.patternOf(client) : null) {
            return selected(asked, query, relation, uri, client, routing);
        }
    }

    private Response.ResponseBuilder selected(
            Asked asked, RowsQuery query, Relation relation, UriInfo uri, Client client, RoutingContext routing) {
        Long total = total(asked.preferences().count(), query, relation, client);
        if (total != null && query.offset() > total) {
            throw RowRange.unsatisfiable(
                    "An offset of " + query.offset() + " was requested, but there are only " + total + " rows.");
        }
        Answer answer = open(asked, query, relation, client);
        boolean handedOver = false;
        try {
            Response.ResponseBuilder response = described(asked, query, relation, total, answer, uri, client);
            response.entity(answer.entity(routing, config.writeIdle())); // from here on its end is that of the request
            handedOver = true;
            return response;
        } finally {
            if (!handedOver) {
                answer.close();
            }
        }
    }

    /** Status and headers, which tell what of all rows the answer has. */
    private Response.ResponseBuilder described(
            Asked asked, RowsQuery query, Relation relation, Long total, Answer answer, UriInfo uri, Client client) {
        Preferences preferences = asked.preferences();
        Format.Accepted accepted = asked.accepted();
        Long known = total != null || !query.isOfAllRows() ? total : Long.valueOf(relation.rows());
        Long count = answer.count() != null ? answer.count() : answered(query, known, preferences);
        if (accepted.format() == Format.OBJECT && answer.begun() != 1) {
            answer.close();
            throw notOne(answer.begun() == 0 ? 0 : query.rowsOf(counted(query, relation, client)));
        }
        boolean partial = total != null && count != null && count < total;
        Response.ResponseBuilder response = Response.status(partial ? 206 : 200);
        if (count != null && query.after() == null) {
            response.header(RowRange.CONTENT_RANGE, RowRange.contentRange(query.offset(), count, total));
        } else if (total != null) {
            response.header(RowRange.CONTENT_RANGE, RowRange.contentRange(0, 0, total)); // which of them is not known
        }
        if (count == null ? query.limit() != null : query.isFullPage(count)) {
            answer.last().ifPresent(last -> response.link(next(uri, relation, query, last), "next"));
        }
        String applied = preferences.applied(accepted.format() == Format.CSV);
        return applied.isEmpty() ? response : response.header(Preferences.APPLIED, applied);
    }

    /** The path of the page behind that row, of this version whatever comes. */
    private static URI next(UriInfo uri, Relation relation, RowsQuery query, long last) {
        UriBuilder next = UriBuilder.fromPath(PATH);
        Map<String, Object> values = new HashMap<>(Map.of("target", relation.target()));
        uri.getQueryParameters().forEach((name, all) -> {
            if (!PAGING.contains(name)) {
                for (String value : all) {
                    String n = "v" + values.size();
                    values.put(n, value);
                    values.put("n" + n, name);
                    next.queryParam("{n" + n + "}", "{" + n + "}");
                }
            }
        });
        return next.queryParam("limit", query.limit())
                .queryParam("_after", last)
                .buildFromMap(values);
    }

    private Answer open(Asked asked, RowsQuery query, Relation relation, Client client) {
        Format.Accepted accepted = asked.accepted();
        return switch (accepted.format()) {
            case JSON, ARRAY -> Answer.begin(objects(accepted, query, relation, client), RowEncoder.array());
            case NDJSON -> Answer.begin(objects(accepted, query, relation, client), RowEncoder.lines());
            case OBJECT -> {
                RowsQuery two = query.limit() == null || query.limit() > 2 ? query.within(2L, query.offset()) : query;
                yield Answer.begin(objects(accepted, two, relation, client), RowEncoder.object());
            }
            case CSV -> {
                boolean source = asked.preferences().source();
                String header = Csv.line(query.outputs().stream()
                        .map(source ? RowsQuery.Output::label : RowsQuery.Output::name)
                        .toList());
                yield Answer.begin(
                        stream(query, relation, q -> CopySql.csv(q, relation, source), client), RowEncoder.csv(header));
            }
        };
    }

    private RowStream objects(Format.Accepted accepted, RowsQuery query, Relation relation, Client client) {
        return stream(query, relation, q -> CopySql.objects(q, relation, accepted.withoutNulls()), client);
    }

    private RowStream stream(RowsQuery query, Relation relation, Function<RowsQuery, CopySql> sql, Client client) {
        long rowBytes = relation.rowBytes() * RowsQuery.repeats(query.outputs());
        long page = rows.page(rowBytes);
        long most = query.mostRows(relation.rows());
        if (most <= page) {
            RowStream whole = page(query, most, sql, rowBytes, client);
            if (whole != null) {
                return whole;
            }
        } else if (query.mayBeOfFew() && page > 0) {
            RowStream few = few(query, page + 1, sql, rowBytes, client);
            if (few != null) {
                return few;
            }
        }
        RowsSql last = query.limit() != null && query.isFullPage(query.limit()) ? RowsSql.last(query, relation) : null;
        CopySql all = sql.apply(query);
        long bound = query.widens() ? rowBytes + WIDER : rowBytes * (all.isCsv() ? LONGER_IN_CSV : LONGER_IN_JSON);
        long limit = Math.min(bound, rows.mostRowBytes());
        boolean mayBeLarger = query.widens() || bound > limit;
        return rows.export(mayBeLarger ? all.within(limit) : all, query.limit(), last, limit, client);
    }

    /** A page; {@code null} if a row is larger than the version's rows were when they were loaded. */
    private RowStream page(RowsQuery query, long most, Function<RowsQuery, CopySql> sql, long rowBytes, Client client) {
        CopySql page = sql.apply(query);
        try {
            return rows.page(page.isCsv() && query.widens() ? page.within(rowBytes) : page, most, rowBytes, client);
        } catch (ProblemException e) {
            if (e.code() == ErrorCode.ANSWER_TOO_LARGE) {
                return null;
            }
            throw e;
        }
    }

    /** All that a query yields if that is fewer rows than {@code enough}; {@code null} if it is not, or not found in time. */
    private RowStream few(
            RowsQuery query, long enough, Function<RowsQuery, CopySql> sql, long rowBytes, Client client) {
        try {
            RowStream found = page(query.within(enough, query.offset()), enough, sql, rowBytes, client);
            if (found == null || found.count() < enough) {
                return found;
            }
            found.close();
        } catch (ProblemException e) {
            if (e.code() != ErrorCode.QUERY_TOO_SLOW || !rows.isExport(query.limit())) {
                throw e;
            }
        }
        return null;
    }

    /** How many rows an answer will have had that goes on; {@code null} if only its end will show it. */
    private static Long answered(RowsQuery query, Long total, Preferences preferences) {
        boolean exact = query.isOfAllRows() || preferences.count() == Preferences.Count.EXACT;
        return total == null || !exact || query.after() != null ? null : Long.valueOf(query.rowsOf(total));
    }

    /** How many rows there are; {@code null} if nobody asked. */
    private Long total(Preferences.Count count, RowsQuery query, Relation relation, Client client) {
        if (count == null) {
            return null;
        }
        if (query.isOfAllRows()) {
            return relation.rows();
        }
        return switch (count) {
            case EXACT -> counted(query, relation, client);
            case PLANNED -> planned(query, relation, client);
            case ESTIMATED -> {
                long planned = planned(query, relation, client);
                yield planned > config.exactUpTo() ? planned : counted(query, relation, client);
            }
        };
    }

    private long counted(RowsQuery query, Relation relation, Client client) {
        return Long.parseLong(rows.value(RowsSql.count(query, relation), client));
    }

    private long planned(RowsQuery query, Relation relation, Client client) {
        try {
            return json.readTree(rows.value(RowsSql.plan(query, relation), client))
                    .at("/0/Plan/Plan Rows")
                    .asLong();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static QueryException notOne(long found) {
        return new QueryException(
                ErrorCode.ROWS_NOT_ONE,
                "PGRST116",
                "JSON object requested, multiple (or no) rows returned",
                "The result contains " + found + " rows",
                null);
    }

    @ServerExceptionMapper
    public Response problem(ProblemException e, UriInfo uri) {
        Response problem = ProblemMapper.response(e, RowsProblem.of(e));
        if (e.code() != ErrorCode.VERSION_GONE) {
            return problem;
        }
        String target = uri.getPathParameters().getFirst("target");
        URI current = UriBuilder.fromPath(PATH).build(target.split("@", 2)[0]);
        return Response.fromResponse(problem).link(current, "latest-version").build();
    }
}
