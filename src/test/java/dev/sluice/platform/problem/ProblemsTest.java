package dev.sluice.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
    private final SQLException restarting = new SQLException("the database system is shutting down", "57P03");

    @Test
    void whyACommitFailedIsFoundWhereTransactionManagersPutIt() {
        Exception rollback = new Exception("could not commit");
        rollback.addSuppressed(new Exception("resource manager failed", restarting));

        assertThat(Problems.of(new RuntimeException(rollback)).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void whatNobodyKnowsIsInternal() {
        Exception failure = new Exception("?", new SQLException("division by zero", "22012"));
        failure.addSuppressed(new IllegalStateException());

        assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsUnavailable() throws IOException, SQLException {
        try (ServerSocket silent = new ServerSocket(0);
                AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                        .connectionPoolConfiguration(c -> c.maxSize(1)
                                .acquisitionTimeout(Duration.ofMillis(50))
                                .connectionFactoryConfiguration(f -> f.jdbcUrl(
                                        "jdbc:postgresql://localhost:" + silent.getLocalPort() + "/nobody"))))) {
            Throwable failure = catchThrowable(pool::getConnection);

            assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        }
    }

    /** Of PostgreSQL: wrong passwords, a database that is gone, one that takes no connections. */
    @ParameterizedTest
    @ValueSource(strings = {"28P01", "28000", "3D000", "55000"})
    void databaseThatRefusesConnectionsIsUnavailable(String state) {
        Exception failure = new Exception(new SQLException("refused", state));

        assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    /** A statement that reached its limit of time, and one that got a lock neither at once nor in time. */
    @ParameterizedTest
    @ValueSource(strings = {"57014", "55P03"})
    void aDatabaseThatTakesTooLongIsUnavailable(String state) {
        Exception failure = new Exception(new SQLException("canceled", state));

        assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    @Test
    void theNearestProblemCounts() {
        ProblemException problem = new ProblemException(ErrorCode.TABLE_TOO_WIDE, "too wide");
        problem.addSuppressed(restarting);

        assertThat(Problems.of(new RuntimeException(problem))).isSameAs(problem);
    }

    @Test
    void aCauseCountsBeforeWhatWasSuppressed() {
        Exception failure = new Exception(new ProblemException(ErrorCode.TABLE_TOO_WIDE, "too wide"));
        failure.addSuppressed(restarting);

        assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.TABLE_TOO_WIDE);
    }

    @Test
    void whatLeadsBackToItselfEnds() {
        Exception failure = new Exception("first");
        failure.addSuppressed(new Exception("while closing", failure));

        assertThat(Problems.of(failure).code()).isEqualTo(ErrorCode.INTERNAL);
    }
}
