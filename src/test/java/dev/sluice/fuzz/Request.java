package dev.sluice.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A request that is sent.
 *
 * @param raw its bytes
 * @param wellFormed as HTTP, whatever the service may think of it
 */
record Request(long number, Kind kind, String raw, boolean wellFormed) {
    byte[] bytes() {
        return raw.getBytes(ISO_8859_1);
    }

    String method() {
        return raw.split(" ", 2)[0];
    }

    /** Without the query. */
    String path() {
        String[] words = raw.split("[ \r]", 3);
        return words.length < 2 ? "" : words[1].split("[?#]", 2)[0];
    }

    boolean isOfTheApi() {
        return path().startsWith("/v1/") || path().startsWith("/rest/v1/");
    }

    /** A command that sends it again. */
    String command() {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f && c != '\'' && c != '\\' && c != '%';
            escaped.append(
                    plain
                            ? Character.toString(c)
                            : c == '\r' ? "\\r" : c == '\n' ? "\\n" : c == '%' ? "%%" : "\\%03o".formatted((int) c));
        }
        return "printf '" + escaped + "' | nc -q 5 127.0.0.1 $PORT";
    }
}
