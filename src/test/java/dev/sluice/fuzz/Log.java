package dev.sluice.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.StreamSupport;

/** What a process wrote: JSON, a line each. */
final class Log {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 300;
    private static final int FRAMES = 6;

    private Log() {}

    /** Complains of every error in it, and of what should be JSON and is not. */
    static void check(String name, String output, Findings findings) {
        output.lines()
                .filter(line -> line.contains("\"ERROR\"") || line.contains("\"FATAL\"") || !line.startsWith("{"))
                .forEach(line -> findings.add(fault(name, line)));
    }

    private static String fault(String name, String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            JsonNode exception = entry.path("exception");
            StringBuilder fault = new StringBuilder("An error was logged: ")
                    .append(entry.path("loggerName").asText())
                    .append(": ")
                    .append(withoutRequest(entry.path("message").asText()))
                    .append(": ")
                    .append(exception.path("exceptionType").asText())
                    .append(": ")
                    .append(withoutRequest(exception.path("message").asText()).replace('\n', ' '));
            StreamSupport.stream(exception.path("frames").spliterator(), false)
                    .filter(frame -> frame.path("class").asText().startsWith("dev.sluice."))
                    .filter(frame -> frame.has("line"))
                    .limit(FRAMES)
                    .forEach(frame -> fault.append("\n    at ")
                            .append(frame.path("class").asText())
                            .append('.')
                            .append(frame.path("method").asText())
                            .append(':')
                            .append(frame.path("line").asInt()));
            return fault.toString();
        } catch (IOException e) {
            return name + " wrote: " + line;
        }
    }

    /** So that the same error is the same text whatever was asked. */
    private static String withoutRequest(String message) {
        String text = message.replaceAll("(?s)Request to .* failed, error id: .*", "Request to … failed");
        return text.substring(0, Math.min(MOST, text.length()));
    }
}
