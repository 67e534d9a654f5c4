package dev.sluice.query;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.Taking;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.postgresql.jdbc.PgConnection;

/** Who waits for rows. A query that runs for a client is cancelled once the client hangs up. It has one query at a time. */
final class Client {
    private static final Logger LOG = Logger.getLogger(Client.class);

    /** PostgreSQL forgets a cancellation that comes between two statements, so it is told again. */
    private static final Duration TOLD_AGAIN = Duration.ofSeconds(1);

    private final String caller;
    private final BooleanSupplier isAwaited;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hasEnded = lock.newCondition();
    private PgConnection running;
    private boolean gone;

    /** One that never hangs up. */
    Client(String caller) {
        this(caller, () -> false);
    }

    private Client(String caller, BooleanSupplier isAwaited) {
        this.caller = caller;
        this.isAwaited = isAwaited;
    }

    /** The one that sent a request. */
    static Client of(Caller caller, RoutingContext routing) {
        Client client = new Client(
                caller.id(), () -> Taking.of(routing).map(Taking::isAwaited).orElse(true));
        routing.addEndHandler(end -> {
            if (end.failed()) {
                Thread.startVirtualThread(client::hangUp);
            }
        });
        if (routing.response().closed()) {
            client.hangUp();
        }
        return client;
    }

    /** The id of the caller whose share of the connections it takes. */
    String caller() {
        return caller;
    }

    /** Whether other requests wait for the memory that its connection holds. Also true once the connection has ended. */
    boolean isAwaited() {
        return isAwaited.getAsBoolean();
    }

    /**
     * A query begins. It has to end before its connection goes to another one.
     *
     * @throws ProblemException {@code QUERY_TOO_SLOW} if the client has hung up
     */
    Query begins(Connection connection) throws SQLException {
        PgConnection postgres = connection.unwrap(PgConnection.class);
        lock.lock();
        try {
            if (gone) {
                throw new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The client has hung up.");
            }
            running = postgres;
            return this::ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a cancellation that is under way: it must not meet the next query of the connection. */
    private void ended() {
        lock.lock();
        try {
            running = null;
            hasEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void hangUp() {
        lock.lock();
        try {
            gone = true;
            while (running != null) {
                running.cancelQuery();
                var _ = hasEnded.await(TOLD_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warnf("The query of a client that hung up could not be cancelled: %s", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** A query that runs. */
    interface Query extends AutoCloseable {
        @Override
        void close();
    }
}
