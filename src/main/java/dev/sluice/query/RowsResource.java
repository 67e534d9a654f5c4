package dev.sluice.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.dataset.Readers;
import dev.sluice.platform.ProblemMapper;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The rows of a dataset, as PostgREST 12 would answer. On virtual threads. */
@Path("/rest/v1/{target}")
@RunOnVirtualThread
class RowsResource {
    private static final String CONTENT_RANGE = "Content-Range";
    private static final Set<String> PAGING = Set.of("limit", "offset", "_after");

    private final Rows rows;
    private final QueryConfig config;
    private final Readers readers;
    private final ObjectMapper json;

    RowsResource(Rows rows, QueryConfig config, Readers readers, ObjectMapper json) {
        this.rows = rows;
        this.config = config;
        this.readers = readers;
        this.json = json;
    }

    @GET
    @Produces(MediaType.WILDCARD)
    @Requires(Scope.READ)
    @Operation(summary = "Rows as JSON, CSV or NDJSON; with Prefer: rendering=source as the source wrote them")
    public Response rows(
            @PathParam("target") String target,
            @HeaderParam("Prefer") List<String> prefer,
            @HeaderParam("Range") String range,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context RoutingContext routing) {
        Preferences preferences = Preferences.of(prefer);
        Format.Accepted accepted = Format.of(headers.getAcceptableMediaTypes());
        Relation relation = QuarkusTransaction.requiringNew().call(() -> Relation.named(target, readers));
        RowsQuery query = RowRange.of(range).of(QueryParser.parse(uri.getQueryParameters(), relation));
        Long total = total(preferences.count(), query, relation);
        if (total != null && query.offset() > total) {
            throw RowRange.unsatisfiable(
                    "An offset of " + query.offset() + " was requested, but there are only " + total + " rows.");
        }
        Answer answer = open(accepted, preferences, query, relation);
        boolean handedOver = false;
        try {
            Response.ResponseBuilder response = described(accepted, preferences, query, relation, total, answer, uri);
            response.entity(answer.entity(routing)); // last: from here on its end is that of the request
            handedOver = true;
            return response.build();
        } finally {
            if (!handedOver) {
                answer.close();
            }
        }
    }

    /** Status and headers, which tell what of all rows the answer has. */
    private Response.ResponseBuilder described(
            Format.Accepted accepted,
            Preferences preferences,
            RowsQuery query,
            Relation relation,
            Long total,
            Answer answer,
            UriInfo uri) {
        Long known = total != null || !query.isOfAllRows() ? total : Long.valueOf(relation.rows());
        Long count = answer.isWhole() ? Long.valueOf(answer.rows()) : answered(query, known, preferences);
        if (accepted.format() == Format.OBJECT && answer.rows() != 1) {
            answer.close(); // before another query: nobody waits for a connection while holding one
            throw notOne(answer.rows() == 0 ? 0 : query.rowsOf(counted(query, relation)));
        }
        boolean partial = total != null && count != null && count < total;
        Response.ResponseBuilder response = Response.status(partial ? 206 : 200).type(accepted.mediaType());
        if (count != null && query.after() == null) {
            response.header(CONTENT_RANGE, RowRange.contentRange(query.offset(), count, total));
        } else if (total != null) {
            response.header(CONTENT_RANGE, RowRange.contentRange(0, 0, total)); // which of them is not known
        }
        next(answer, query, relation).ifPresent(last -> response.link(next(uri, relation, query, last), "next"));
        String applied = preferences.applied(accepted.format() == Format.CSV);
        return applied.isEmpty() ? response : response.header("Preference-Applied", applied);
    }

    /** The number of the last row of a page that is full. */
    private Optional<Long> next(Answer answer, RowsQuery query, Relation relation) {
        if (answer.isWhole()) {
            return query.isFullPage(answer.rows()) ? Optional.of(answer.last()) : Optional.empty();
        }
        return query.isFullPage(query.limit() == null ? 0 : query.limit())
                ? Optional.ofNullable(answer.value(RowsSql.last(query, relation)))
                        .map(Long::valueOf)
                : Optional.empty();
    }

    /** The path of the page behind that row, of this version whatever comes. */
    private static URI next(UriInfo uri, Relation relation, RowsQuery query, long last) {
        UriBuilder next = UriBuilder.fromPath("/rest/v1/{target}");
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

    private Answer open(Format.Accepted accepted, Preferences preferences, RowsQuery query, Relation relation) {
        boolean withoutNulls = accepted.withoutNulls();
        return switch (accepted.format()) {
            case JSON, ARRAY ->
                answer(RowsSql.json(query, relation, withoutNulls), query, relation, RowEncoder.array());
            case NDJSON -> answer(RowsSql.json(query, relation, withoutNulls), query, relation, RowEncoder.lines());
            case OBJECT -> {
                RowsQuery two = query.limit() == null || query.limit() > 2 ? query.within(2L, query.offset()) : query;
                yield answer(RowsSql.json(two, relation, withoutNulls), two, relation, RowEncoder.object());
            }
            case CSV -> {
                boolean source = preferences.source();
                List<String> header = query.outputs().stream()
                        .map(source ? RowsQuery.Output::label : RowsQuery.Output::name)
                        .toList();
                yield answer(RowsSql.text(query, relation, source), query, relation, new CsvWriter(header));
            }
        };
    }

    private Answer answer(RowsSql sql, RowsQuery query, Relation relation, RowEncoder encoder) {
        return Answer.begin(
                rows.open(sql, query.limit(), relation.rowBytes() * RowsQuery.repeats(query.outputs())),
                encoder,
                !query.isGrouped());
    }

    /** How many rows an answer will have had that goes on; {@code null} if only its end will show it. */
    private static Long answered(RowsQuery query, Long total, Preferences preferences) {
        boolean exact = query.isOfAllRows() || preferences.count() == Preferences.Count.EXACT;
        return total == null || !exact || query.after() != null ? null : Long.valueOf(query.rowsOf(total));
    }

    /** How many rows there are; {@code null} if nobody asked. */
    private Long total(Preferences.Count count, RowsQuery query, Relation relation) {
        if (count == null) {
            return null;
        }
        if (query.isOfAllRows()) {
            return relation.rows();
        }
        return switch (count) {
            case EXACT -> counted(query, relation);
            case PLANNED -> planned(query, relation);
            case ESTIMATED -> {
                long planned = planned(query, relation);
                yield planned > config.exactUpTo() ? planned : counted(query, relation);
            }
        };
    }

    private long counted(RowsQuery query, Relation relation) {
        return Long.parseLong(rows.value(RowsSql.count(query, relation), query.limit()));
    }

    private long planned(RowsQuery query, Relation relation) {
        try {
            return json.readTree(rows.value(RowsSql.plan(query, relation), query.limit()))
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
    public Response problem(ProblemException e) {
        return ProblemMapper.response(e, RowsProblem.of(e));
    }
}
