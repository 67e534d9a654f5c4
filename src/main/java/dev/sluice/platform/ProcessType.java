package dev.sluice.platform;

/** What a process does; see the twelve-factor app, VIII. A process may be of several types. */
public enum ProcessType {
    /** Serves the HTTP API. */
    WEB,
    /** Does due work. */
    WORKER,
    /** Brings the schema up to date, then exits. Alone only. */
    MIGRATE,
    /** Does once what its arguments say, then exits. Not to be asked for: it follows from the arguments. */
    COMMAND
}
