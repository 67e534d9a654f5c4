package dev.sluice.hostile;

import dev.sluice.harness.Client;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What hostile clients do to a process, each for a few seconds; from addresses of their own, with keys of their own. */
final class Attacks {
    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+\\.js)\"");
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";

    private final Attacked attacked;
    private final String source;
    private final String reader;
    private final String writer;
    private final String script;
    private final String examples = DocumentsIT.examples(400);

    /** @param source URL of a file whose bytes come one by one */
    Attacks(Attacked attacked, String source) {
        this.attacked = attacked;
        this.source = source;
        this.reader = attacked.key("read");
        this.writer = attacked.key("write");
        this.script = script();
        attacked.load("exponents", "t\nx\n" + "1e131071\n".repeat(2000));
        attacked.load("controls", "t\n" + ("\u0001".repeat(3_900_000) + "\n").repeat(3));
        attacked.load("wide", AnswersIT.table(400));
        attacked.load("labels", AnswersIT.labels(1599, 150) + "\n1" + ",".repeat(1598) + "\n");
        attacked.load("examples", examples);
        attacked.load("slow", "t,n\n" + ("x".repeat(4001) + ",1\n").repeat(20));
        attacked.load("large", "t\n" + "some text of a table that is read slowly\n".repeat(1_000_000));
    }

    /** One of them. */
    record Attack(String name, Runnable once) {}

    List<Attack> all() {
        return List.of(
                new Attack("pipelines", () -> hold(2, "127.0.0.2", "GET " + script + HOST + "\r\n", 700)),
                new Attack(
                        "heads that never end",
                        () -> hold(200, "127.0.0.3", "GET /" + HOST + "X: " + "x".repeat(2000), 1)),
                new Attack("bodies that never end", () -> hold(210, "127.0.0.4", unendedSignIn(), 1)),
                new Attack("made-up methods", this::madeUpMethods),
                new Attack(
                        "wide casts", () -> read(12, "exponents?t=neq.x&select=a:t::numeric,b:t::numeric&limit=100")),
                new Attack("control characters", () -> read(8, "controls")),
                new Attack("profiles", () -> get(12, "/v1/datasets/wide/profile")),
                new Attack("long labels", () -> read(40, "labels")),
                new Attack(
                        "counts",
                        () -> hold(
                                12,
                                "127.0.0.5",
                                authorized(reader, "/rest/v1/slow?" + slow(), "Prefer: count=exact\r\n"),
                                1)),
                new Attack(
                        "slow pages",
                        () -> hold(
                                40,
                                "127.0.0.6",
                                authorized(reader, "/rest/v1/large?limit=10&or=(" + conditions() + ")", ""),
                                1)),
                new Attack(
                        "exports that are not taken",
                        () -> hold(20, "127.0.0.7", authorized(reader, "/rest/v1/large", ""), 1)),
                new Attack(
                        "expressions",
                        () -> read(
                                24,
                                "slow?limit=1&t=match." + encoded("(x{0,9}y{0,9}z{0,9}){0,3}" + System.nanoTime()))),
                new Attack("views", () -> hold(60, "127.0.0.12", authorized(reader, "/v1/datasets/examples", ""), 1)),
                new Attack("descriptions", () -> hold(60, "127.0.0.13", authorized(reader, "/rest/v1/", ""), 1)),
                new Attack(
                        "nested arrays",
                        () -> hold(60, "127.0.0.14", sent("PATCH", "/v1/datasets/examples", nestedArrays()), 1)),
                new Attack("samples", () -> hold(40, "127.0.0.15", sent("POST", "/v1/samples", examples), 1)),
                new Attack("slow uploads", this::slowUploads),
                new Attack("slow sources", this::slowSource));
    }

    private String script() {
        Matcher found = SCRIPT.matcher(attacked.get("/").body());
        if (!found.find()) {
            throw new IllegalStateException("The console has no script.");
        }
        return found.group(1);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String slow() {
        return "t=match." + encoded("^(x+)(x+)\\1\\2$");
    }

    private static String conditions() {
        return String.join(
                ",",
                IntStream.range(0, 99)
                        .mapToObj(i -> "t.ilike.*nowhere" + i + "*")
                        .toList());
    }

    private static String authorized(String key, String path, String headers) {
        return "GET " + path + HOST + "Authorization: Bearer " + key + "\r\n" + headers + "\r\n";
    }

    private String sent(String method, String path, String body) {
        return method + " " + path + HOST + "Authorization: Bearer " + writer + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    static String nestedArrays() {
        return "{\"index\":[" + "[],".repeat(80_000) + "[]]}";
    }

    private static String unendedSignIn() {
        return "POST /v1/sessions" + HOST + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    }

    /** Sends a request by several connections, takes no answer, and hangs up after five seconds. */
    private void hold(int connections, String address, String request, int times) {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                Client client = Client.to(attacked, InetAddress.ofLiteral(address));
                clients.add(client);
                client.sendWhatIsTaken(request.repeat(times));
            }
            LockSupport.parkNanos(5_000_000_000L);
        } finally {
            clients.forEach(Client::close);
        }
    }

    private void read(int connections, String query) {
        get(connections, "/rest/v1/" + query);
    }

    /** Reads a path by several connections, each to the end of its answer. */
    private void get(int connections, String path) {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0.8"));
                clients.add(client);
                client.sendWhatIsTaken(authorized(reader, path, "Connection: close\r\n"));
            }
            clients.forEach(Client::skipAll);
        } finally {
            clients.forEach(Client::close);
        }
    }

    private void madeUpMethods() {
        Random random = new Random();
        try (Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0.9"))) {
            for (int i = 0; i < 500; i++) {
                client.sendWhatIsTaken("M" + random.nextInt(1_000_000) + " /p" + random.nextInt() + HOST + "\r\n");
            }
            client.skipAll();
        }
    }

    private void slowUploads() {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0.10"));
                clients.add(client);
                client.sendWhatIsTaken("PUT /v1/datasets/slow-upload-" + i + HOST + "Authorization: Bearer " + writer
                        + "\r\nContent-Length: 10000000\r\n\r\na,b\n" + "1,2\n".repeat(10_000));
            }
            for (int second = 0; second < 20; second++) {
                clients.forEach(client -> client.sendWhatIsTaken("1,2\n"));
                LockSupport.parkNanos(1_000_000_000L);
            }
        } finally {
            clients.forEach(Client::close);
        }
    }

    private void slowSource() {
        String body = "{\"url\":\"" + source + "\"}";
        try (Client client = Client.to(attacked, InetAddress.ofLiteral("127.0.0.11"))) {
            client.sendWhatIsTaken("POST /v1/datasets/slow-source/ingests" + HOST + "Authorization: Bearer " + writer
                    + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            client.skipAll();
        }
    }
}
