package dev.sluice.outbound;

import io.vertx.core.buffer.Buffer;

/** What comes after the head of an answer. */
sealed interface Part {
    record Bytes(Buffer buffer) implements Part {}

    /** The body ended as its framing says; whether it is complete is for its length to say. */
    record End() implements Part {}

    /** The connection was lost. */
    record Broken(Throwable cause) implements Part {}

    /** We gave it up ourselves. */
    record Aborted() implements Part {}
}
