package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** A process without {@code web} has no API; health and metrics do not pass here. */
class WebOnly {
    private final Processes processes;

    WebOnly(Processes processes) {
        this.processes = processes;
    }

    @ServerRequestFilter(preMatching = true)
    public void refuse() {
        if (!processes.include(ProcessType.WEB)) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "This process serves no API.");
        }
    }
}
