package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What PostgreSQL takes for the beginning of a regular expression hides nothing of the rest from us. */
class RegularExpressionLawIT {
    private static final String LARGE = "(x{0,255}y{0,255}z{0,255}){0,40}";

    private static Connection connection;

    @BeforeContainer
    static void connect() throws SQLException {
        connection = Sql.connect();
    }

    @AfterContainer
    static void close() throws SQLException {
        connection.close();
    }

    @Provide
    Arbitrary<String> beginnings() {
        return Arbitraries.of(
                        "[",
                        "]",
                        "^",
                        "-",
                        "(",
                        ")",
                        "(?:",
                        "(?=",
                        "(?<!",
                        "(?i)",
                        "(?#",
                        "\\",
                        "\\c",
                        "\\x",
                        "\\u0041",
                        "\\1",
                        "\\d",
                        "[:",
                        ":]",
                        "[.",
                        ".]",
                        "[=",
                        "=]",
                        "[[:alpha:]",
                        "{",
                        "}",
                        "{2}",
                        "{1,3}",
                        "{2,}",
                        ",",
                        "*",
                        "+",
                        "?",
                        "|",
                        "$",
                        ".",
                        "a",
                        "b",
                        "1",
                        " ",
                        "#",
                        "*?",
                        "é")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 3000)
    void whatIsTooLargeIsRefusedBehindEveryBeginning(@ForAll("beginnings") String beginning) throws SQLException {
        Assume.that(isAccepted(beginning));
        Assume.that(!isAccepted(beginning + ")")); // which ends a comment that takes what follows

        assertThat(isRefused(beginning + LARGE)).isTrue();
        assertThat(isRefused("(" + beginning + LARGE + "|b)c")).isTrue();
    }

    private static boolean isAccepted(String pattern) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT '' ~ ?")) {
            statement.setString(1, pattern);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        } catch (SQLException e) {
            if ("2201B".equals(e.getSQLState())) { // invalid_regular_expression
                return false;
            }
            throw e;
        }
    }

    private static boolean isRefused(String pattern) {
        try {
            return RegularExpression.size(pattern, false).isTooLarge();
        } catch (QueryException e) {
            return true;
        }
    }
}
