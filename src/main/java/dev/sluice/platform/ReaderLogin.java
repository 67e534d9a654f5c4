package dev.sluice.platform;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * The login that reads rows. It should be one of its own, with the rights of {@code sluice_reader} alone: of the catalog's login,
 * which owns all tables, {@code SET ROLE} takes rights away only until the next {@code RESET ROLE}.
 */
@ApplicationScoped
class ReaderLogin {
    private static final Logger LOG = Logger.getLogger(ReaderLogin.class);
    private static final String CREATE = """
            SELECT format('CREATE ROLE %I LOGIN IN ROLE sluice_reader', ?::text)
            WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)""";

    private final AgroalDataSource database;
    private final String owner;
    private final String name;
    private final String password;

    ReaderLogin(
            AgroalDataSource database,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> owner,
            @ConfigProperty(name = "quarkus.datasource.reader.username") Optional<String> name,
            @ConfigProperty(name = "quarkus.datasource.reader.password") Optional<String> password) {
        this.database = database;
        this.owner = owner.orElse("");
        this.name = name.orElse("");
        this.password = password.orElse("");
    }

    private boolean isOwner() {
        return name.isEmpty() || name.equals(owner);
    }

    /** Not on a laptop: there the catalog's login is what the embedded server has. */
    void check(@Observes StartupEvent event, Processes processes) {
        if (isOwner() && processes.include(ProcessType.WEB) && LaunchMode.current() == LaunchMode.NORMAL) {
            LOG.warn("Rows are read by the login that owns the tables. Set QUARKUS_DATASOURCE_READER_USERNAME and"
                    + " QUARKUS_DATASOURCE_READER_PASSWORD: migrate makes that login.");
        }
    }

    /** Makes the login if it is one of its own and the server does not have it. */
    void make() {
        if (isOwner()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Optional<String> create = statement(connection);
            if (create.isPresent()) {
                try (Statement s = connection.createStatement()) {
                    s.execute(create.get());
                }
                if (!password.isEmpty()) { // as a verifier, so that no log of the server has it
                    connection.unwrap(PGConnection.class).alterUserPassword(name, password.toCharArray(), null);
                }
                LOG.infof("The login %s, which reads rows, is made", name);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("The login that reads rows could not be made: " + e.getMessage(), e);
        }
    }

    /** What makes it; empty if the server has it. */
    private Optional<String> statement(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(CREATE)) {
            s.setString(1, name);
            s.setString(2, name);
            try (ResultSet found = s.executeQuery()) {
                return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
            }
        }
    }
}
