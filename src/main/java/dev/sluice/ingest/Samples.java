package dev.sluice.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.memory.WholeAnswers;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import dev.sluice.table.Preview;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.RejectedRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Says what a load would make of the beginning of a file. A few may send theirs at the same time, slowly as they may; one
 * that is here as a whole is looked at, so that the memory this takes does not depend on how many they are.
 */
@ApplicationScoped
@RegisterForReflection(
        targets = {SampleView.class, RejectedRecord.class}) // no signature has them, where Quarkus would see them
class Samples {
    /** The most bytes of one; less than a load looks at before types are settled. */
    static final int MAX_BYTES = 1024 * 1024;

    private final ObjectWriter json;
    private final WholeAnswers answers;
    private final SampleConfig config;
    private final LoadConfig limits;
    private final Shares receiving;
    private final Shares looking = Shares.allButOne(1);

    Samples(ObjectMapper json, WholeAnswers answers, SampleConfig config, LoadConfig limits) {
        this.json = WholeAnswers.writer(json);
        this.answers = answers;
        this.config = config;
        this.limits = limits;
        this.receiving = Shares.allButOne(config.receiving());
    }

    /**
     * Reads a sample and looks at it, on a thread that may block; a {@link SampleView} as JSON.
     *
     * @param complete whether it is a whole file; else a record that its end cuts is left out
     * @param caller the id of who sends it
     * @throws ProblemException whatever is wrong with it
     */
    byte[] look(SourceOptions options, boolean complete, FileBody body, String caller, RoutingContext routing)
            throws IOException {
        if (body.fileLength() != null && body.fileLength() > MAX_BYTES) {
            throw tooLarge();
        }
        try (Shares.Place _ = place(receiving, caller)) {
            byte[] bytes = received(body.file(limits));
            SampleView view;
            try (Shares.Place _ = place(looking, caller)) {
                view = SampleView.of(preview(options, complete, body.mediaType(), new ByteArrayInputStream(bytes)));
            }
            try (WholeAnswer answer = answers.begin(caller, routing)) {
                json.writeValue(answer, view);
                return answer.bytes();
            }
        }
    }

    /** As slowly as an upload may be. */
    private byte[] received(InputStream body) throws IOException {
        try (MeteredBody metered = new MeteredBody(body, new StopSignal(), limits, _ -> {})) {
            byte[] bytes = metered.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge();
            }
            return bytes;
        }
    }

    private Preview preview(SourceOptions options, boolean complete, String mediaType, InputStream in)
            throws IOException {
        CsvOptions csv = options.csv(Math.toIntExact(limits.maxRecord().asLongValue()));
        CsvReader reader = complete ? CsvReader.open(in, mediaType, csv) : CsvReader.openBeginning(in, mediaType, csv);
        Preview preview = Preview.of(reader, options.types());
        options.indexed().among(preview.columns());
        if (complete) {
            options.rejects().check(preview.fitting(), preview.keptOut(), preview.firstKeptOut());
        }
        return preview;
    }

    private Shares.Place place(Shares places, String caller) {
        return places.take(caller, config.patience())
                .orElseThrow(() -> new ProblemException(ErrorCode.SAMPLES_BUSY, "Try again in a few seconds."));
    }

    private static ProblemException tooLarge() {
        return new ProblemException(ErrorCode.BODY_TOO_LARGE, "A sample has at most " + MAX_BYTES + " bytes.");
    }
}
