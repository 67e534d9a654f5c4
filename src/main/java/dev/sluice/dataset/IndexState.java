package dev.sluice.dataset;

/** What there is of a column's index. The constants are written to the catalog and the API as they are. */
public enum IndexState {
    /** Asked for; a worker makes it, or will. */
    building,
    ready,
    /** It could not be made, as for a value that is too long. It is tried again when it is asked for again. */
    failed,
    /** Not wanted any more; a worker drops it, or will. */
    dropping;

    /** The state that a column's index is to be in, from the one it is in; either may be null for none. */
    static IndexState wanted(boolean wanted, IndexState now) {
        if (wanted) {
            return now == ready ? ready : building;
        }
        return now == null || now == failed ? null : dropping;
    }
}
