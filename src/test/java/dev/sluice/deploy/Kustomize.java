package dev.sluice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code kubectl kustomize}, on the directories of {@code kubernetes/} and on combinations of them. */
final class Kustomize {
    static final Path ROOT = Path.of("kubernetes").toAbsolutePath();
    static final Set<String> NOT_TOGETHER = Set.of("worker-hpa", "worker-keda");

    private static final Map<String, Build> BUILT = new ConcurrentHashMap<>();

    private Kustomize() {}

    static boolean isInstalled() {
        try {
            return run("version", "--client").status == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Every overlay; the base alone, with each component, and with each two that go together. */
    static List<Build> everything() {
        List<String> components = names("components");
        Stream<List<String>> pairs = components.stream()
                .flatMap(a -> components.stream()
                        .filter(b -> a.compareTo(b) < 0 && !NOT_TOGETHER.equals(Set.of(a, b)))
                        .map(b -> List.of(a, b)));
        return Stream.of(
                        names("overlays").stream().map(Kustomize::overlay),
                        Stream.of(base()),
                        components.stream().map(Kustomize::base),
                        pairs.map(pair -> base(pair.toArray(String[]::new))))
                .flatMap(builds -> builds)
                .toList();
    }

    static List<String> names(String kind) {
        try (Stream<Path> found = Files.list(ROOT.resolve(kind))) {
            return found.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Build overlay(String name) {
        return BUILT.computeIfAbsent(
                "overlays/" + name, key -> built(key, ROOT.resolve("overlays").resolve(name)));
    }

    static Build base(String... components) {
        return BUILT.computeIfAbsent(String.join(" + ", with(components)), key -> {
            Path directory = combination(components);
            return built(key, directory);
        });
    }

    private static List<String> with(String... components) {
        return Stream.concat(Stream.of("base"), Stream.of(components)).toList();
    }

    /** A kustomization of these; kustomize takes no absolute path to a directory. */
    static Path combination(String... components) {
        try {
            Path directory = Files.createDirectories(Path.of("target", "kustomize", String.join("+", with(components)))
                    .toAbsolutePath());
            String up = directory.relativize(ROOT).toString();
            String list = Stream.of(components)
                    .map(c -> "  - " + up + "/components/" + c + "\n")
                    .collect(Collectors.joining());
            String text = "resources:\n  - " + up + "/base\n" + (list.isEmpty() ? "" : "components:\n" + list);
            Files.writeString(directory.resolve("kustomization.yaml"), text);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Build built(String name, Path directory) {
        Output output = run("kustomize", directory.toString());
        if (output.status != 0) {
            throw new IllegalStateException(name + ": " + output.text);
        }
        return new Build(name, documents(output.text));
    }

    static List<ObjectNode> documents(String yaml) {
        try (MappingIterator<JsonNode> read =
                Models.YAML.readerFor(JsonNode.class).readValues(yaml)) {
            List<ObjectNode> documents = new ArrayList<>();
            read.forEachRemaining(d -> documents.add((ObjectNode) d));
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command said, and whether it was content. */
    record Output(int status, String text) {}

    static Output run(String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
