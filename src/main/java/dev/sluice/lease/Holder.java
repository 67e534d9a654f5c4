package dev.sluice.lease;

/** Whoever works under a lease. All methods are called on another thread than the work's, and return at once. */
public interface Holder {
    Progress progress();

    /** Somebody wants the job to end. */
    void cancel();

    /** The lease is over, and another process may have it: nothing done under it will count. */
    void lose();
}
