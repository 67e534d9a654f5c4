package dev.sluice.fuzz;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How many requests there were of each kind, and what they were answered: a run that meets nothing but refusals shows nothing. */
final class Tally {
    /** Of all requests, in percent: what a kind has at least. */
    private static final int LEAST_OF_A_KIND = 5;

    /** Of the requests of a kind, in percent: what has an answer 2xx at least. */
    private static final int LEAST_TAKEN = 10;

    private static final int LEAST = 100;

    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final Map<Kind, Integer> sent = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> taken = new EnumMap<>(Kind.class);
    private int all;

    synchronized void count(Request request, Outcome outcome) {
        int status = outcome instanceof Outcome.Answer answer ? answer.status() : 0;
        all++;
        statuses.merge(status, 1, Integer::sum);
        sent.merge(request.kind(), 1, Integer::sum);
        taken.merge(request.kind(), status >= 200 && status < 300 ? 1 : 0, Integer::sum);
    }

    /** Complains of a run that shows too little. */
    synchronized void check(Findings findings) {
        for (Kind kind : Kind.values()) {
            long requests = sent.getOrDefault(kind, 0);
            if (requests < LEAST || requests * 100 < (long) all * LEAST_OF_A_KIND) {
                findings.add("There were only " + requests + " requests of the kind " + kind + ".");
            } else if (taken.get(kind) * 100L < requests * LEAST_TAKEN) {
                findings.add(
                        "Only " + taken.get(kind) + " of " + requests + " of the kind " + kind + " had an answer 2xx.");
            }
        }
    }

    @Override
    public synchronized String toString() {
        return all + " requests, " + sent + ", of which were answered 2xx " + taken + ", statuses " + statuses
                + " (0: none)";
    }
}
