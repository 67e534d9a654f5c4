package dev.sluice.ingest;

import dev.sluice.dataset.Source;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Whether an ingest may begin: decided before any byte of it is read. */
@ApplicationScoped
class Admission {
    private static final String UNIQUE_VIOLATION = "23505";

    private final AgroalDataSource database;
    private final AdmissionConfig config;
    private final EntityManager entities;
    private volatile boolean draining;

    Admission(AgroalDataSource database, AdmissionConfig config, EntityManager entities) {
        this.database = database;
        this.entities = entities;
        this.config = config;
    }

    /** Admits nothing any more. */
    void drain() {
        draining = true;
    }

    /**
     * Refuses where there is no room.
     *
     * @throws ProblemException {@code DRAINING}, {@code DATABASE_FULL}
     */
    void check() {
        if (draining) {
            throw new ProblemException(ErrorCode.DRAINING, "Try again: another process will answer.");
        }
        if (config.maxSize().isEmpty()) {
            return;
        }
        long most = config.maxSize().get().asLongValue();
        long size = QuarkusTransaction.requiringNew().call(this::databaseSize);
        if (size > most) {
            throw new ProblemException(
                    ErrorCode.DATABASE_FULL, "The database has " + size + " bytes; it may have " + most + ".");
        }
    }

    private long databaseSize() throws SQLException {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("SELECT pg_database_size(current_database())")) {
            r.next();
            return r.getLong(1);
        }
    }

    /**
     * The ingest that a request with this key began, if it is one that can be answered again.
     *
     * @throws ProblemException {@code IDEMPOTENCY_MISMATCH}; {@code IDEMPOTENCY_RUNNING} for an upload that still runs
     */
    Optional<Ingest> first(String caller, IdempotencyKey key) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<Ingest> found = QuarkusTransaction.requiringNew()
                .call(() -> Ingest.<Ingest>find("caller = ?1 and key.value = ?2", caller, key.value())
                        .firstResultOptional());
        found.ifPresent(first -> {
            if (!first.key.fingerprint().equals(key.fingerprint())) {
                throw new ProblemException(
                        ErrorCode.IDEMPOTENCY_MISMATCH, "The first request with this key asked for something else.");
            }
            if (first.isUpload() && first.state == IngestState.running) {
                throw running();
            }
        });
        return found;
    }

    /**
     * Refuses a caller who has as many uploads running as it may, as part of the transaction that would begin another.
     *
     * @throws ProblemException {@code RATE_LIMITED}
     */
    void checkUploads(String caller, int most) {
        if (unfinished(caller, Source.UPLOAD.kind(), most)) {
            throw new ProblemException(ErrorCode.RATE_LIMITED, "The key has " + most + " uploads running.");
        }
    }

    /**
     * The same, for ingests that wait or run.
     *
     * @throws ProblemException {@code QUEUE_FULL}
     */
    void checkQueued(String caller, int most) {
        if (unfinished(caller, "url", most)) {
            throw new ProblemException(ErrorCode.QUEUE_FULL, "The key has " + most + " ingests waiting or running.");
        }
    }

    /** Counted where they are on record, so that one whose process is lost counts until that is found out, and no longer. */
    private boolean unfinished(String caller, String kind, int most) {
        if (caller.equals(Caller.ANYBODY.id())) {
            return false;
        }
        entities.createNativeQuery("SELECT pg_advisory_xact_lock(hashtextextended(:caller, 0))")
                .setParameter("caller", caller)
                .getSingleResult(); // two that begin at the same time would both see room for one
        return Ingest.count("caller = ?1 and source.kind = ?2 and finishedAt is null", caller, kind) >= most;
    }

    /**
     * Puts an ingest on record.
     *
     * @throws ProblemException {@code IDEMPOTENCY_RUNNING} if another request with the same key came first by a moment
     */
    <T> T begin(IdempotencyKey key, Callable<T> insert) {
        try {
            return QuarkusTransaction.requiringNew().call(insert);
        } catch (RuntimeException e) {
            if (key != null && violatesUniqueness(e)) {
                throw running();
            }
            throw e;
        }
    }

    private static ProblemException running() {
        return new ProblemException(ErrorCode.IDEMPOTENCY_RUNNING, "Ask again when it has ended.");
    }

    private static boolean violatesUniqueness(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException e && UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
