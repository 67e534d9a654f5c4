package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class RunUntilShutdownTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void aStepThatThrowsIsTakenAgain() {
        Deque<BooleanSupplier> steps = new ArrayDeque<>(List.of(
                () -> {
                    throw new IllegalStateException("an outage");
                },
                () -> true));
        RunUntilShutdown loop = new RunUntilShutdown(
                "test", LONG, () -> steps.removeFirst().getAsBoolean(), RunUntilShutdownTest::unexpected);

        assertThat(loop.runOnce()).isFalse();
        assertThat(loop.runOnce()).isTrue();
    }

    @Test
    void anErrorIsToldAndEndsTheSteps() {
        List<Error> told = new ArrayList<>();
        Error error = new OutOfMemoryError("planted");
        RunUntilShutdown loop = new RunUntilShutdown(
                "test",
                LONG,
                () -> {
                    throw error;
                },
                told::add);

        loop.run();

        assertThat(told).containsExactly(error);
    }

    @Test
    void goesOnWithoutAPauseWhileThereIsMoreAndStopsWhenTold() {
        AtomicInteger taken = new AtomicInteger();
        RunUntilShutdown[] loop = new RunUntilShutdown[1];
        loop[0] = new RunUntilShutdown(
                "test",
                LONG,
                () -> {
                    if (taken.incrementAndGet() == 3) {
                        loop[0].stop();
                    }
                    return true;
                },
                RunUntilShutdownTest::unexpected);

        loop[0].run();

        assertThat(taken).hasValue(3);
    }

    private static void unexpected(Error e) {
        throw e;
    }
}
