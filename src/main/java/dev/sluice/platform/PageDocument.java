package dev.sluice.platform;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.memory.WholeAnswers;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.jboss.resteasy.reactive.RestResponse;

/** Writes a {@link Page} of entities as JSON. A few of them are in memory at a time, since each may be long. */
@ApplicationScoped
public class PageDocument {
    /** How many entities are in memory at a time. */
    public static final int AT_ONCE = 10;

    private final Session database;
    private final ObjectWriter json;
    private final WholeAnswers answers;

    PageDocument(Session database, ObjectMapper json, WholeAnswers answers) {
        this.database = database;
        this.json = WholeAnswers.writer(json);
        this.answers = answers;
    }

    /** How entities are shown. */
    public interface Views<E> {
        /** The views of a few entities, in their order. */
        List<?> of(List<E> few) throws SQLException;
    }

    /**
     * Answers with a part of a list, which is read in a transaction of its own.
     *
     * @param found up to {@link Page#SIZE} entities and one more if there is one, of which {@link #AT_ONCE} are fetched at a time
     * @param next the path of what comes after an entity
     * @throws ProblemException {@code ROWS_BUSY}
     */
    public <E> RestResponse<byte[]> of(
            Supplier<Stream<E>> found, Views<E> views, Function<E, ?> next, Caller caller, RoutingContext routing) {
        try (WholeAnswer answer = answers.begin(caller.id(), routing)) {
            String path = QuarkusTransaction.requiringNew().call(() -> {
                try (Stream<E> entities = found.get()) {
                    return written(entities.iterator(), views, next, answer);
                }
            });
            return Page.linked(answer.bytes(), path);
        }
    }

    private <E> String written(Iterator<E> entities, Views<E> views, Function<E, ?> next, WholeAnswer answer)
            throws IOException, SQLException {
        String path = null;
        try (JsonGenerator out = json.createGenerator(answer)) {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (int written = 0; written < Page.SIZE && entities.hasNext(); ) {
                List<E> few = new ArrayList<>(AT_ONCE);
                while (few.size() < AT_ONCE && entities.hasNext()) {
                    few.add(entities.next());
                }
                for (Object view : views.of(few)) {
                    json.writeValue(out, view);
                }
                written += few.size();
                if (written == Page.SIZE && entities.hasNext()) {
                    path = next.apply(few.getLast()).toString();
                }
                database.clear();
            }
            out.writeEndArray();
            out.writeStringField("next", path);
            out.writeEndObject();
        }
        return path;
    }
}
