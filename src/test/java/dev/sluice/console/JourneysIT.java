package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.harness.NodePackage;
import dev.sluice.harness.NodePackage.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What people do in the console, in a browser. The tests are in {@code src/test/js/console}; here they are run and told. */
class JourneysIT {
    private static final Path DIRECTORY = Path.of("target/console-journeys");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String missing;
    private static Outcome outcome;
    private static final List<JsonNode> TOLD = new ArrayList<>();

    @BeforeAll
    static void runThem() throws IOException {
        missing = missing();
        if (missing != null) {
            return;
        }
        NodePackage programs = NodePackage.install(DIRECTORY);
        try (Stage stage = Stage.start()) {
            outcome = programs.run(
                    stage.environment(), "node", "node_modules/@playwright/test/cli.js", "test", "--config=console");
        }
        for (String line : outcome.output()) {
            TOLD.add(JSON.readTree(line));
        }
    }

    private static String missing() {
        boolean isThere = Stream.of("chromium", "chromium-browser")
                .anyMatch(name -> !NodePackage.version(name).isEmpty());
        return isThere ? NodePackage.missing() : "SKIPPED: there is no Chromium";
    }

    @BeforeEach
    void skipWhereThereIsNoBrowser() {
        assumeTrue(missing == null, missing);
    }

    @TestFactory
    Stream<DynamicTest> journeys() {
        return TOLD.stream()
                .map(test -> DynamicTest.dynamicTest(test.get("name").asText(), () -> {
                    if (!test.get("problem").isNull()) {
                        fail(test.get("problem").asText());
                    }
                }));
    }

    @Test
    void allOfThemRan() {
        assertThat(TOLD).as(outcome.errors()).isNotEmpty();
        assertThat(TOLD).noneMatch(test -> test.get("problem").asText().equals("skipped"));
        assertThat(outcome.status() == 0)
                .as(outcome.errors())
                .isEqualTo(TOLD.stream().allMatch(test -> test.get("problem").isNull()));
    }
}
