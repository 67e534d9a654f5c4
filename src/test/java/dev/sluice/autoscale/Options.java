package dev.sluice.autoscale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** What the command line says: {@code --name value}, each with a default. */
final class Options {
    private final Map<String, String> values = new HashMap<>(Map.of(
            "seed", "1",
            "runs", "21",
            "jvm", "3.7",
            "aot", "1.7",
            "native", "0.08",
            "schedule", "2",
            "probe", "3",
            "images", "docs/images"));

    /** Throws {@link IllegalArgumentException} with a line to print if an option is not known or has no value. */
    Options(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            String option = args[i].replaceFirst("^--", "");
            if (i + 1 == args.length || values.replace(option, args[i + 1]) == null) {
                throw new IllegalArgumentException("no such option, or no value for it: " + args[i]);
            }
        }
    }

    double number(String option) {
        return Double.parseDouble(values.get(option));
    }

    List<StartUp> startUps() {
        return List.of(
                new StartUp("JVM", number("jvm")),
                new StartUp("JVM with AOT cache", number("aot")),
                new StartUp("native", number("native")));
    }

    /** Runs with as many seeds as were asked for. */
    Runs runs(LongFunction<Outcome> run) {
        return Runs.of(Long.parseLong(values.get("seed")), Integer.parseInt(values.get("runs")), run);
    }

    void write(String file, Plot plot) throws IOException {
        Path folder = Path.of(values.get("images"));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(file), plot.svg());
    }
}
