package dev.sluice.outbound;

import dev.sluice.platform.problem.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;

/**
 * The bytes of a body as they are sent, from as many answers as it takes, held to limits of size, time and rate. It ends
 * where the announced length says, and nowhere else. Read by one thread at a time; cancelled through its origin by any.
 */
final class ResumingBody extends InputStream {
    private final Origin origin;
    private final OutboundConfig limits;
    private final Continuation continuation;
    private Response response;
    private Long length;
    private Buffer buffer = Buffer.buffer();
    private int taken;
    private long position;
    private final SlidingRate rate;
    private long waitedNanos; // since the last bytes
    private int fruitless;
    private boolean ended;

    /**
     * @param length announced; {@code null} if it was not
     */
    ResumingBody(Origin origin, Response first, Long length, OutboundConfig limits) {
        this.origin = origin;
        this.limits = limits;
        this.continuation = Continuation.of(first);
        this.length = length;
        this.rate = new SlidingRate(limits.minimumRate().asLongValue(), limits.minimumRateAfter());
        follow(first);
    }

    private void follow(Response next) {
        response = next;
        origin.cancellation().ends(next::abort);
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws FetchException {@code SOURCE_TRUNCATED}, {@code SOURCE_CHANGED}, {@code SOURCE_UNREACHABLE}, {@code
     *     SOURCE_ADDRESS_REFUSED}, {@code BODY_TOO_LARGE}
     * @throws AsynchronousCloseException when cancelled
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        origin.cancellation().check();
        if (len == 0) {
            return 0;
        }
        while (taken == buffer.length()) {
            if (ended) {
                return -1;
            }
            advance();
        }
        int n = Math.min(len, buffer.length() - taken);
        buffer.getBytes(taken, taken + n, b, off);
        taken += n;
        position += n;
        if (position > limits.maxSize().asLongValue()) {
            throw tooLarge(limits);
        }
        return n;
    }

    private void advance() throws IOException {
        switch (next()) {
            case Part.Bytes bytes -> {
                buffer = bytes.buffer();
                taken = 0;
                fruitless = 0;
            }
            case Part.End _ -> {
                if (length == null || position == length) {
                    ended = true;
                } else {
                    resume(null);
                }
            }
            case Part.Broken broken -> resume(broken.cause());
            case Part.Aborted _ -> throw new AsynchronousCloseException();
        }
    }

    private Part next() throws IOException {
        long before = System.nanoTime();
        Part part;
        try {
            part = response.next(origin.deadline().within(limits.idleTimeout()));
        } catch (InterruptedException e) {
            response.abort();
            throw Cancellation.interrupted(e);
        }
        waitedNanos += System.nanoTime() - before;
        if (part == null) {
            throw givenUp("The source sent nothing for " + limits.idleTimeout().toSeconds() + " s.");
        }
        if (part instanceof Part.Bytes bytes) {
            checkPace(bytes.buffer().length());
        }
        return part;
    }

    private void checkPace(int bytes) throws FetchException {
        boolean keeps = rate.keeps(waitedNanos, bytes);
        waitedNanos = 0;
        if (!keeps) {
            throw givenUp(rate.toString());
        }
        if (origin.deadline().isOver()) {
            throw givenUp("The fetch took longer than " + limits.timeLimit() + ".");
        }
    }

    private FetchException givenUp(String detail) {
        response.abort();
        return FetchException.retryable(
                ErrorCode.SOURCE_UNREACHABLE,
                origin.deadline().isOver() ? "The time for this fetch is over." : detail,
                null);
    }

    /** Gets the rest, or throws. What a new answer says of the length of the whole holds from then on. */
    private void resume(Throwable cause) throws IOException {
        response.abort();
        while (continuation.possible() && fruitless < limits.maxResumes()) {
            fruitless++;
            origin.cancellation().pause(backoff());
            Response rest;
            try {
                rest = origin.getFrom(position, continuation.validator());
            } catch (FetchException e) {
                if (!e.retryable() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                continue;
            }
            if (continuation.isRest(rest, position, length)) {
                length = ByteRange.of(rest.header("Content-Range")).total();
                follow(rest);
                return;
            }
            rest.abort();
            if (continuation.isOther(rest, length)) {
                throw changed();
            }
            if (rest.status() < 500 && rest.status() != 429) {
                break;
            }
        }
        throw truncated(cause);
    }

    private Duration backoff() {
        return fruitless == 1 ? Duration.ZERO : limits.resumeBackoff().multipliedBy(1L << fruitless - 2);
    }

    private FetchException truncated(Throwable cause) {
        return FetchException.retryable(
                ErrorCode.SOURCE_TRUNCATED,
                "The body broke off after " + position + (length == null ? "" : " of " + length) + " bytes.",
                cause);
    }

    /** Bytes of the file before are read already, so that the whole fetch has to begin anew. */
    private FetchException changed() {
        return FetchException.retryable(
                ErrorCode.SOURCE_CHANGED,
                "The body broke off after " + position + (length == null ? "" : " of " + length)
                        + " bytes, and when its rest was asked for the source had another file.",
                null);
    }

    static FetchException tooLarge(OutboundConfig limits) {
        return FetchException.permanent(
                ErrorCode.BODY_TOO_LARGE,
                "A source has at most " + limits.maxSize().asLongValue() + " bytes.",
                null);
    }

    @Override
    public void close() {
        origin.cancellation().cancel();
    }
}
