package dev.sluice.fuzz;

/** By what a request says who asks. */
enum Credential {
    ADMIN,
    WRITER,
    READER,
    SESSION,
    /** A key for datasets whose names match a pattern. */
    NARROW,
    /** A key whose sessions may end at any time. */
    SPARE,
    NONE
}
