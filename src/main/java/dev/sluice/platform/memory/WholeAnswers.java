package dev.sluice.platform.memory;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Answers that are made as a whole. A few are made at a time, half of them for one caller: each may have a connection. */
@ApplicationScoped
public class WholeAnswers {
    private static final int AT_ONCE = 8;

    private final MemoryAccount memory;
    private final Shares places = new Shares(AT_ONCE, AT_ONCE / 2);

    WholeAnswers(MemoryAccount memory) {
        this.memory = memory;
    }

    /** What writes JSON to them: it leaves it to the caller to close an answer, and failures as they are. */
    public static ObjectWriter writer(ObjectMapper json) {
        return json.writer()
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .without(SerializationFeature.WRAP_EXCEPTIONS);
    }

    /**
     * Begins one, which holds its memory until the client has taken it or has gone. Waits for its turn and for the memory of a small
     * answer, and so is not to be called where something is held that others wait for.
     *
     * @param caller the id of who is answered
     * @return to be closed once it is made
     * @throws ProblemException {@code ROWS_BUSY}
     */
    public WholeAnswer begin(String caller, RoutingContext routing) {
        return begin(caller, memory.claim(caller, WholeAnswer.SMALL, routing));
    }

    /** @param claim of a small answer */
    WholeAnswer begin(String caller, MemoryAccount.Claim claim) {
        Optional<Shares.Place> place = places.take(caller, memory.patience());
        if (place.isEmpty()) {
            claim.close();
            throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many documents are being made.");
        }
        return new WholeAnswer(claim, place.get());
    }
}
