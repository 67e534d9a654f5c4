package dev.sluice.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.memory.WholeAnswers;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.type.RuledOut;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Writes {@link DatasetView} as JSON. Of all columns a few are in memory at a time, since their examples may be long. */
@ApplicationScoped
@RegisterForReflection(
        targets = {DatasetView.class, RuledOut.class}) // no signature has them, where Quarkus would see them
public class DatasetDocument {
    private final ObjectWriter json;
    private final WholeAnswers answers;

    DatasetDocument(ObjectMapper json, WholeAnswers answers) {
        this.json = WholeAnswers.writer(json);
        this.answers = answers;
    }

    /**
     * A view as it is sent.
     *
     * @param etag as {@link DatasetView#etag} has it
     */
    public record Written(WholeAnswer answer, String etag) {
        public byte[] json() {
            return answer.bytes();
        }
    }

    /**
     * The view of a version, in a transaction of its own. Waits for memory before that, not in the transaction, which would have
     * a connection.
     *
     * @param named finds the version in the transaction, and maybe changes it
     * @throws ProblemException {@code VERSION_GONE} if the version was deleted after it was read, {@code ROWS_BUSY}
     */
    public Written of(Supplier<Version> named, Caller caller, RoutingContext routing) {
        try (WholeAnswer answer = answers.begin(caller.id(), routing)) {
            return QuarkusTransaction.requiringNew().call(() -> {
                Version version = named.get();
                try (Stream<Column> columns = version.readColumns()) {
                    return written(DatasetView.of(version, columns), answer);
                }
            });
        }
    }

    /** The same of a view that is in memory as a whole. */
    public Written of(DatasetView view, Caller caller, RoutingContext routing) {
        try (WholeAnswer answer = answers.begin(caller.id(), routing)) {
            return written(view, answer);
        }
    }

    private Written written(DatasetView view, WholeAnswer answer) {
        try {
            json.writeValue(answer, view);
            answer.end();
            return new Written(answer, view.etag());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
