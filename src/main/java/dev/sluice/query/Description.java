package dev.sluice.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.dataset.Column;
import dev.sluice.dataset.Dataset;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.memory.WholeAnswers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What there is to be read, as an OpenAPI document made of the catalog. */
@ApplicationScoped
class Description {
    /** Of a document; it ends with the dataset that reaches either. */
    private static final int MOST_DATASETS = 100;

    private static final int MOST_COLUMNS = 5_000;

    private static final Map<String, String> PARAMETERS = Map.of(
            "select", "Columns of the answer: names, alias:name, name::type, name.sum() and others",
            "order", "Names, each with .desc, .nullsfirst or .nullslast if so",
            "limit", "The most rows",
            "offset", "Rows before the first");

    private final ObjectWriter json;
    private final WholeAnswers answers;
    private final String release;

    Description(
            ObjectMapper json,
            WholeAnswers answers,
            @ConfigProperty(name = "quarkus.application.version") String release) {
        this.json = WholeAnswers.writer(json);
        this.answers = answers;
        this.release = release;
    }

    /**
     * A part of it.
     *
     * @param after the name behind which it begins; absent for the first
     */
    Response describe(String after, Caller caller, RoutingContext routing) {
        try (WholeAnswer document = answers.begin(caller.id(), routing)) {
            return QuarkusTransaction.requiringNew().call(() -> described(after, caller, document));
        }
    }

    private Response described(String after, Caller caller, WholeAnswer document) throws IOException {
        List<Dataset> found = Dataset.<Dataset>find(
                        "from Dataset d join fetch d.currentVersion where d.name > ?1"
                                + " and cast(sql('(? ~ ?)', d.name, ?2) as boolean) order by d.name",
                        after == null ? "" : after.replace("\0", ""),
                        caller.datasetsRegex())
                .page(0, MOST_DATASETS + 1)
                .list();
        long columns = 0;
        int datasets = 0;
        while (datasets < Math.min(found.size(), MOST_DATASETS) && columns < MOST_COLUMNS) {
            columns += found.get(datasets++).currentVersion.countColumns();
        }
        write(found.subList(0, datasets), document);
        Response.ResponseBuilder answer = Response.ok(document.bytes());
        if (datasets < found.size()) {
            String last = found.get(datasets - 1).name;
            answer.link(
                    UriBuilder.fromPath("/rest/v1/").queryParam("after", last).build(), "next");
        }
        return answer.build();
    }

    private interface ColumnWriter {
        void write(Column column) throws IOException;
    }

    /** Writes each column as it comes; none if the dataset was deleted just now. */
    private static void forEachColumn(Dataset dataset, ColumnWriter writer) throws IOException {
        try (Stream<Column> columns = dataset.currentVersion.readColumns()) {
            for (Iterator<Column> next = columns.iterator(); next.hasNext(); ) {
                writer.write(next.next());
            }
        }
    }

    private void write(List<Dataset> datasets, WholeAnswer document) throws IOException {
        try (JsonGenerator out = json.createGenerator(document)) {
            out.writeStartObject();
            out.writeStringField("openapi", "3.1.0");
            out.writePOJOField("info", sorted(Map.of("title", "Sluice: rows", "version", release)));
            out.writeObjectFieldStart("paths");
            for (Dataset dataset : datasets) {
                path(dataset, out);
            }
            out.writeEndObject();
            out.writeObjectFieldStart("components");
            out.writeObjectFieldStart("parameters");
            for (Map.Entry<String, String> parameter : sorted(PARAMETERS).entrySet()) {
                out.writeFieldName(parameter.getKey());
                parameter(parameter.getKey(), parameter.getValue(), out);
            }
            out.writeEndObject();
            out.writeObjectFieldStart("schemas");
            for (Dataset dataset : datasets) {
                schema(dataset, out);
            }
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndObject();
        }
    }

    private static void path(Dataset dataset, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("/rest/v1/" + dataset.name);
        out.writeObjectFieldStart("get");
        out.writeStringField("operationId", dataset.name);
        out.writeStringField("summary", dataset.title == null ? dataset.name : dataset.title);
        if (dataset.description != null) {
            out.writeStringField("description", dataset.description);
        }
        out.writeArrayFieldStart("parameters");
        for (String name : sorted(PARAMETERS).keySet()) {
            out.writePOJO(reference("parameters", name));
        }
        forEachColumn(
                dataset,
                column -> parameter(
                        column.name(),
                        "A condition on " + column.columnType().sqlType() + ": eq.…, gt.…, is.null, …",
                        out));
        out.writeEndArray();
        Object rows = sorted(Map.of("type", "array", "items", reference("schemas", dataset.name)));
        Object content = sorted(Map.of("application/json", Map.of("schema", rows), "text/csv", Map.of()));
        out.writePOJOField("responses", Map.of("200", sorted(Map.of("description", "Rows", "content", content))));
        out.writeEndObject();
        out.writeEndObject();
    }

    private static Map<String, String> reference(String kind, String name) {
        return Map.of("$ref", "#/components/" + kind + "/" + name);
    }

    private static void parameter(String name, String description, JsonGenerator out) throws IOException {
        out.writePOJO(sorted(
                Map.of("name", name, "in", "query", "description", description, "schema", Map.of("type", "string"))));
    }

    /** The same by every process. */
    private static <T> SortedMap<String, T> sorted(Map<String, T> map) {
        return new TreeMap<>(map);
    }

    private static void schema(Dataset dataset, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(dataset.name);
        out.writeStringField("type", "object");
        out.writeObjectFieldStart("properties");
        forEachColumn(dataset, column -> {
            out.writeObjectFieldStart(column.name());
            out.writePOJOField("type", List.of(type(column), "null"));
            out.writeStringField("format", column.columnType().sqlType());
            out.writeStringField("title", column.label());
            out.writeEndObject();
        });
        out.writeEndObject();
        out.writeEndObject();
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case "bigint" -> "integer";
            case "numeric", "double" -> "number";
            case "boolean" -> "boolean";
            default -> "string";
        };
    }
}
