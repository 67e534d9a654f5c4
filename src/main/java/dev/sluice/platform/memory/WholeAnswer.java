package dev.sluice.platform.memory;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is made as a whole before it is sent. It claims memory as its bytes come, and fails with {@code ROWS_BUSY} if
 * there is none. It takes a place until it is closed. Used by one thread.
 */
public final class WholeAnswer extends OutputStream {
    private static final int PIECE = 64 * 1024;

    /** Held of an answer that has one piece: that and the whole. */
    static final long SMALL = 2L * PIECE;

    private final MemoryAccount.Claim claim;
    private final Shares.Place place;
    private long claimed = SMALL;
    private long needed;
    private final List<byte[]> pieces = new ArrayList<>();
    private int used = PIECE;
    private byte[] whole;

    WholeAnswer(MemoryAccount.Claim claim, Shares.Place place) {
        this.claim = claim;
        this.place = place;
    }

    private void need(long bytes) {
        needed += bytes;
        if (needed > claimed) {
            if (!claim.mayHold(needed)) {
                throw new ProblemException(
                        ErrorCode.ANSWER_TOO_LARGE, "The document is larger than the memory that one caller may have.");
            }
            if (!claim.grow(needed - claimed)) {
                throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
            }
            claimed = needed;
        }
    }

    /** Nothing is written any longer. If it was ended its bytes stay, else it has failed. */
    @Override
    public void close() {
        place.close();
        if (whole == null) {
            claim.close();
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
                need(PIECE);
                pieces.add(new byte[PIECE]);
                used = 0;
            }
            int part = Math.min(PIECE - used, off + len - from);
            System.arraycopy(bytes, from, pieces.getLast(), used, part);
            used += part;
            from += part;
        }
    }

    /** Ends it: nothing is written after that. */
    public void end() {
        if (whole == null) {
            int length = pieces.size() * PIECE - (PIECE - used);
            need(length);
            whole = new byte[length];
            for (int i = 0; i < pieces.size(); i++) {
                System.arraycopy(pieces.get(i), 0, whole, i * PIECE, Math.min(PIECE, length - i * PIECE));
            }
            pieces.clear();
            claim.shrink(length);
        }
    }

    /** All that was written; ends it. */
    public byte[] bytes() {
        end();
        return whole;
    }
}
