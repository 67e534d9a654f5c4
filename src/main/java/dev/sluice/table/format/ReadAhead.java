package dev.sluice.table.format;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Reads batches on a thread of its own, a few ahead of the one thread that uses them. Batches are recycled: so many as
 * are made here hold whatever passes. One that had to grow for a long record is used before the next is read, so that
 * there is only one of it.
 */
public final class ReadAhead implements AutoCloseable {
    /** Batches that exist: one in use, one being read into, and what evens out their speeds. */
    static final int BATCHES = 4;

    private final CsvReader reader;
    private final BlockingQueue<RecordBatch> free = new ArrayBlockingQueue<>(BATCHES);
    private final BlockingQueue<RecordBatch> read = new ArrayBlockingQueue<>(BATCHES + 1);
    private final RecordBatch end = new RecordBatch(0);
    private final Semaphore grownUsed = new Semaphore(0);
    private final Thread thread;
    private RecordBatch current;
    private Throwable failure;

    /** Begins to read; nobody else may use the reader until this is closed. */
    public ReadAhead(CsvReader reader) {
        this.reader = reader;
        for (int i = 0; i < BATCHES; i++) {
            free.add(new RecordBatch());
        }
        thread = Thread.ofPlatform().name("read-ahead").start(this::run);
    }

    private void run() {
        try {
            for (RecordBatch batch = free.take(); reader.read(batch); batch = free.take()) {
                boolean grown = batch.hasGrown();
                read.add(batch);
                if (grown) {
                    grownUsed.acquire();
                }
            }
        } catch (InterruptedException _) {
            // closed: nobody asks for more
        } catch (Throwable e) {
            failure = e;
        }
        read.add(end);
    }

    /**
     * The next batch, good until the next call; {@code null} after the last one.
     *
     * @throws IOException what {@link CsvReader#read} throws, as all its exceptions, when all batches before are used
     */
    public RecordBatch next() throws IOException {
        if (current == end) {
            return null;
        }
        if (current != null) {
            boolean grown = current.hasGrown();
            if (grown) {
                current.reset(0);
            }
            free.add(current);
            if (grown) {
                grownUsed.release();
            }
        }
        try {
            current = read.take();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (current != end) {
            return current;
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return null;
    }

    /** Interrupts a read that waits for the source, and returns when the thread has ended. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
