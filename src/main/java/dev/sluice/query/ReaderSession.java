package dev.sluice.query;

import dev.sluice.platform.database.TimeLimit;
import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/** What a connection for reading is told once: how long a page may take. An export says otherwise in its transaction. */
@Singleton
@DataSource("reader")
class ReaderSession implements AgroalPoolInterceptor {
    private final QueryConfig config;

    ReaderSession(QueryConfig config) {
        this.config = config;
    }

    @Override
    public void onConnectionCreate(Connection connection) {
        try {
            TimeLimit.ofSession(connection, config.pageTimeout());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
