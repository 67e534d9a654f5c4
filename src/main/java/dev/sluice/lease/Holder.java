package dev.sluice.lease;

/** Whoever works under a lease. All methods are called on another thread than the work's, and return at once. */
public interface Holder {
    Progress progress();

    /** Somebody wants the job to end. */
    void cancel();

    /** The lease is somebody else's by now: nothing done under it will count. */
    void lose();
}
