package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.harness.NodePackage;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows of a session: its commands, one after the other, and what they answer. */
class DocumentationIT {
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("^\\$ (.*)\n((?:(?!\\$ ).+\n)*)", Pattern.MULTILINE);

    /** Stands in an answer for what is not shown of it. */
    private static final String MORE = "…";

    private static Service service;

    @BeforeAll
    static void start() {
        service = Service.start("web", Servers.migratedDatabase()).awaitReady();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> documents() throws IOException {
        List<Arguments> documents = new ArrayList<>();
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            for (Path page : Stream.concat(Stream.of(Path.of("README.md")), pages)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()) {
                List<Shown> shown = BLOCK.matcher(Files.readString(page))
                        .results()
                        .flatMap(Shown::in)
                        .toList();
                if (!shown.isEmpty()) {
                    documents.add(Arguments.of(page, shown));
                }
            }
        }
        return documents.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void whatIsShownIsAnswered(Path page, List<Shown> commands) {
        assumeFalse(NodePackage.version("curl").isEmpty(), "SKIPPED: there is no curl");

        assertThat(commands)
                .allSatisfy(shown -> assertThat(answer(shown.command()))
                        .as("%s of %s", shown.command(), page)
                        .matches(shown.answer()));
    }

    /**
     * A command of a document.
     *
     * @param answer of which not all need be shown
     */
    record Shown(String command, Pattern answer) {
        static Stream<Shown> in(MatchResult block) {
            return COMMAND.matcher(block.group(1))
                    .results()
                    .map(c -> new Shown(c.group(1), answer(c.group(2).strip())));
        }

        private static Pattern answer(String text) {
            String parts = Stream.of(text.split(MORE, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return Pattern.compile(parts, Pattern.DOTALL);
        }
    }

    private static String answer(String command) {
        String here = command.replace("localhost:8080", service.uri("").getAuthority());
        try {
            Process shell = new ProcessBuilder("bash", "-c", here)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
