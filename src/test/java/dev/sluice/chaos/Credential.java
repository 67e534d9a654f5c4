package dev.sluice.chaos;

import java.net.http.HttpRequest;

/** What a client shows with every request, to whichever process it gets. */
interface Credential {
    /** That all clients have, or begin their sessions with. */
    String KEY = "the-key-of-all-clients-of-a-run-0123456789";

    /** As programs do. */
    Credential OF_PROGRAMS = request -> request.header("Authorization", "Bearer " + KEY);

    void show(HttpRequest.Builder request);

    /** Hears that it was not accepted; whether there is another one now. */
    default boolean renew(HttpRequest refused, String answer) {
        return false;
    }
}
