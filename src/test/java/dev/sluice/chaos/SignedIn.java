package dev.sluice.chaos;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Optional;

/** The session of one client. It ends when Redis forgets it, and by nothing else; then the client signs in again. */
final class SignedIn implements Credential {
    private final Http http;
    private final History history;
    private String cookie;
    private Instant since;

    /** @param http as it is without a session */
    SignedIn(Http http, History history) {
        this.http = http;
        this.history = history;
    }

    @Override
    public synchronized void show(HttpRequest.Builder request) {
        if (cookie == null) {
            signIn();
        }
        request.header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
    }

    private void signIn() {
        since = Instant.now();
        Http.Answer answer = http.insist(
                () -> http.request("/v1/sessions")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"key\":\"" + KEY + "\"}"))
                        .build(),
                Clients.PATIENCE);
        cookie = answer.headers()
                .flatMap(headers -> headers.firstValue("Set-Cookie"))
                .map(header -> header.split(";", 2)[0])
                .orElse(null);
        if (answer.status() != 201 || cookie == null) {
            history.fault("a client could not sign in: " + answer);
        }
        history.count("sign-ins");
    }

    @Override
    public synchronized boolean renew(HttpRequest refused, String answer) {
        if (!answer.contains("\"SESSION_ENDED\"")) {
            return false;
        }
        if (!refused.headers().firstValue("Cookie").equals(Optional.ofNullable(cookie))) {
            return true; // another request of this client was quicker
        }
        if (!history.redisMayHaveForgotten(since)) {
            history.fault("a session had ended though nothing ended it: " + answer);
        }
        cookie = null;
        return true;
    }
}
