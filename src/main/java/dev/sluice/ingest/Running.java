package dev.sluice.ingest;

import dev.sluice.lease.Lease;
import dev.sluice.lease.Progress;

/** An ingest while this process works on it. Loaded by one thread; its progress may be asked by any. */
final class Running {
    private final String dataset;
    private final Lease lease;
    private final UploadOptions options;
    private final UploadBody body;
    private volatile long rows;

    Running(String dataset, Lease lease, UploadOptions options, UploadBody body) {
        this.dataset = dataset;
        this.lease = lease;
        this.options = options;
        this.body = body;
    }

    String dataset() {
        return dataset;
    }

    Lease lease() {
        return lease;
    }

    UploadOptions options() {
        return options;
    }

    UploadBody body() {
        return body;
    }

    long rows() {
        return rows;
    }

    void loaded(long rows) {
        this.rows = rows;
    }

    Progress progress() {
        return new Progress(lease, body.bytes(), rows);
    }
}
