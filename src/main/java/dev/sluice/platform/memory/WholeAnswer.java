package dev.sluice.platform.memory;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** An answer that is made as a whole before it is sent. It claims memory as its bytes come. Used by one thread. */
public final class WholeAnswer extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final MemoryAccount.Claim claim;
    private final List<byte[]> pieces = new ArrayList<>();
    private int used = PIECE;

    /**
     * Begins, for a request that gives all back when it ends.
     *
     * @throws ProblemException {@code ROWS_BUSY}, as all that writes to it
     */
    public WholeAnswer(MemoryAccount memory, RoutingContext routing) {
        claim = memory.claim(0);
        routing.addEndHandler(_ -> claim.close());
        if (routing.response().closed()) {
            claim.close();
        }
    }

    private void grow(long bytes) {
        if (!claim.grow(bytes)) {
            throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int off, int len) {
        for (int from = off; from < off + len; ) {
            if (used == PIECE) {
                grow(PIECE);
                pieces.add(new byte[PIECE]);
                used = 0;
            }
            int part = Math.min(PIECE - used, off + len - from);
            System.arraycopy(bytes, from, pieces.getLast(), used, part);
            used += part;
            from += part;
        }
    }

    /** All that was written. */
    public byte[] bytes() {
        int length = pieces.size() * PIECE - (PIECE - used);
        grow(length);
        byte[] all = new byte[length];
        for (int i = 0; i < pieces.size(); i++) {
            System.arraycopy(pieces.get(i), 0, all, i * PIECE, Math.min(PIECE, length - i * PIECE));
        }
        pieces.clear();
        claim.shrink(length);
        return all;
    }
}
