package dev.sluice.ingest;

/** What a client's stream reacts to. */
sealed interface Signal {

    /**
     * An event of an ingest, as it is in Redis.
     *
     * @param type {@link #PROGRESS} or {@link #DONE}
     * @param data JSON in one line
     */
    record Event(StreamId id, String type, String data) implements Signal {
        static final String PROGRESS = "progress";
        static final String DONE = "done";

        boolean isDone() {
            return type.equals(DONE);
        }
    }

    enum Notice implements Signal {
        /** Nothing happened for a while. */
        SILENCE,
        /** The client takes events more slowly than they come, and gets no more until it has caught up. */
        LAGGING,
        /** The catalog says that the ingest has ended, though no event did. */
        ENDED,
        /** The client is gone, or the process shuts down. */
        CLOSED
    }
}
