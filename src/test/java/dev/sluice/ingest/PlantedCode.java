package dev.sluice.ingest;

import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.TransactionRunnerOptions;
import jakarta.transaction.TransactionManager;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What planted faults do instead. Woven into copies of the artifact, never into the artifact. */
public final class PlantedCode {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private PlantedCode() {}

    /** Commits before what should have been the last statements, which then are a transaction of their own. */
    public static void commitEarly() throws Exception {
        TransactionManager transactions =
                Arc.container().instance(TransactionManager.class).get();
        transactions.commit();
        LockSupport.parkNanos(PAUSE);
        transactions.begin();
    }

    /** What this process alone is called. */
    public static String process() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /** Another text in every process. */
    public static String ofProcess(String text) {
        return text + process();
    }

    /** Gives the result away before the commit. */
    public static Object resultFirst(TransactionRunnerOptions transaction, Callable<?> work) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                transaction.call(() -> {
                    result.complete(work.call());
                    LockSupport.parkNanos(PAUSE);
                    return null;
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }
}
