package dev.sluice.ingest;

import java.io.IOException;
import java.io.Serial;

/** The work was stopped; its {@link StopSignal} knows why. */
final class StoppedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    StoppedException() {
        super("stopped");
    }
}
