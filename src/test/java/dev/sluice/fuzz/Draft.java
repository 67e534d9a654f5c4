package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request by its parts, so that one of them can be changed while the others stay right. Names in braces stand for what only
 * {@link Stock} knows.
 *
 * @param headers lines; they win over those a request has anyway
 * @param body {@code null}: none
 */
record Draft(String method, String target, Credential credential, List<String> headers, String body) {
    Draft {
        headers = List.copyOf(headers);
    }

    static Draft of(String method, String target) {
        return new Draft(method, target, Credential.ADMIN, List.of(), null);
    }

    /** A text as the bytes of its UTF-8. */
    static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    Draft method(String other) {
        return new Draft(other, target, credential, headers, body);
    }

    Draft target(String other) {
        return new Draft(method, other, credential, headers, body);
    }

    Draft by(Credential other) {
        return new Draft(method, target, other, headers, body);
    }

    Draft headers(List<String> others) {
        return new Draft(method, target, credential, others, body);
    }

    Draft with(String... more) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of(more));
        return headers(all);
    }

    Draft body(String other) {
        return new Draft(method, target, credential, headers, other);
    }

    Draft json(String other) {
        return with("Content-Type: application/json").body(other);
    }

    /** As it goes over the wire. */
    String raw(Stock stock) {
        String content = body == null ? "" : stock.filled(body);
        StringBuilder raw = new StringBuilder(method + " " + stock.filled(target) + " HTTP/1.1\r\n");
        if (!has("host")) {
            raw.append("Host: localhost\r\n");
        }
        if (body != null && !has("content-length") && !has("transfer-encoding")) {
            raw.append("Content-Length: ").append(content.length()).append("\r\n");
        }
        stock.proof(credential).forEach(line -> raw.append(line).append("\r\n"));
        headers.forEach(line -> raw.append(stock.filled(line)).append("\r\n"));
        return raw.append("\r\n").append(content).toString();
    }

    private boolean has(String name) {
        return headers.stream().anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"));
    }
}
