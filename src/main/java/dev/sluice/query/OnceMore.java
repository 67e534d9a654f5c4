package dev.sluice.query;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Repeats a read whose connection was lost, by a connection that answers. The pools ask a connection that has waited for a while
 * whether it goes on; this is for those that ended less long ago, or while they were used.
 */
@ApplicationScoped
class OnceMore {
    private static final Logger LOG = Logger.getLogger(OnceMore.class);

    /** A connection that cannot be made: another one could not be made either. */
    private static final Set<String> NOT_CONNECTED = Set.of("08001", "08004");

    /** SQLSTATEs of a server or a session that ends (PostgreSQL manual, appendix A). */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P05", "25P03");

    private final List<AgroalDataSource> pools;

    OnceMore(AgroalDataSource catalog, @DataSource("reader") AgroalDataSource reader) {
        this.pools = List.of(catalog, reader);
    }

    /** Something that reads, and sends nothing. */
    interface Read<T, E extends Exception> {
        T run() throws E;
    }

    /** The result of a read, which runs a second time if a connection was lost in the first. */
    <T, E extends Exception> T ifLost(Read<T, E> read) throws E {
        try {
            return read.run();
        } catch (RuntimeException e) {
            if (!isLost(e)) {
                throw e;
            }
            LOG.debug("A read is repeated, because its connection was lost", e);
            pools.forEach(OnceMore::dropLost);
            return read.run();
        }
    }

    /** Takes connections until one answers: the pool drops those that do not. */
    private static void dropLost(AgroalDataSource pool) {
        int most = pool.getConfiguration().connectionPoolConfiguration().maxSize();
        for (int i = 0; i <= most && !answers(pool); i++) {
            LOG.debug("A connection was lost while it waited");
        }
    }

    /** False if the next connection was lost. */
    private static boolean answers(AgroalDataSource pool) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("");
            return true;
        } catch (SQLException e) {
            return !isLost(e); // what else there is the read will meet
        }
    }

    private static boolean isLost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = cause instanceof SQLException e ? e.getSQLState() : null;
            if (state != null) {
                return state.startsWith("08") && !NOT_CONNECTED.contains(state) || ENDED.contains(state);
            }
        }
        return false;
    }
}
