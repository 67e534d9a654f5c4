package dev.sluice.platform.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.MemoryAccount.Claim;
import dev.sluice.platform.memory.MemoryAccount.Input;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MemoryAccountTest {
    private static final long BUDGET = 1_000_000;

    private static MemoryAccount account(Duration patience) {
        return account(BUDGET, patience);
    }

    static MemoryAccount account(long budget, Duration patience) {
        return new MemoryAccount(new MemoryConfig() {
            @Override
            public MemorySize memory() {
                return new MemorySize(BigInteger.valueOf(budget));
            }

            @Override
            public Duration patience() {
                return patience;
            }
        });
    }

    /** Answers on eight threads that wait, grow, shrink, give up waiting and end, each as a seed decides. */
    @Property(tries = 100)
    void whateverAnswersDoTheSumIsWithinTheBudgetAndAllIsGivenBack(@ForAll @LongRange(min = 0) long seed)
            throws Exception {
        MemoryAccount account = account(Duration.ofMillis(2));
        onEightThreads(i -> answers(account, new Random(seed + i)));

        assertThat(account.held()).isZero();
        assertThat(account.enter(Caller.ANYBODY.id(), BUDGET / 8)).isCompleted();
    }

    private static void onEightThreads(IntConsumer work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> ended = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> work.accept(i)))
                    .toList();
            for (Future<?> one : ended) {
                one.get();
            }
        }
    }

    private static void answers(MemoryAccount account, Random random) {
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Claim> entry = account.enter(Caller.ANYBODY.id(), BUDGET / 16);
            assertWithinBudget(account);
            if (random.nextInt(4) == 0 && entry.cancel(false)) {
                continue;
            }
            String caller = random.nextBoolean() ? "a" : Caller.ANYBODY.id();
            try (Claim entered = entry.join();
                    Input input = account.inputOf(caller)) {
                input.hold(random.nextLong(BUDGET));
                assertWithinBudget(account);
                try (Claim claim = account.claim(caller, random.nextLong(BUDGET / 2))) {
                    boolean grown = claim.grow(random.nextLong(BUDGET));
                    assertWithinBudget(account);
                    claim.shrink(grown ? random.nextLong(BUDGET) : 0);
                    entered.shrink(random.nextLong(1000));
                    assertWithinBudget(account);
                }
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY);
            }
        }
    }

    private static void assertWithinBudget(MemoryAccount account) {
        assertThat(account.held()).isBetween(0L, BUDGET);
    }

    /** Were there a circle of requests that wait for each other, one would wait for ten seconds, and be refused. */
    @Property(tries = 100)
    void requestsThatWaitForEveryStageAllEnd(@ForAll @LongRange(min = 0) long seed) throws Exception {
        MemoryAccount account = account(Duration.ofSeconds(10));
        onEightThreads(i -> {
            Random random = new Random(seed + i);
            String caller = List.of("a", "b", Caller.ANYBODY.id()).get(i % 3);
            for (int request = 0; request < 20; request++) {
                try (Claim _ = account.enter(Caller.ANYBODY.id(), BUDGET / 16).join();
                        Input input = account.inputOf(caller)) {
                    input.hold(random.nextLong(BUDGET));
                    try (Claim _ = account.claim(caller, random.nextLong(BUDGET / 2))) {
                        assertWithinBudget(account);
                    }
                }
            }
        });

        assertThat(account.held()).isZero();
    }

    /** Sums are taken after a claim has been given, and before it is given back, so what is held is no less. */
    @Property(tries = 100)
    void theAnswersOfOneCallerHoldAtMostHalfOfTheBudget(@ForAll @LongRange(min = 0) long seed) throws Exception {
        MemoryAccount account = account(Duration.ofMillis(2));
        AtomicLong held = new AtomicLong();
        onEightThreads(i -> {
            Random random = new Random(seed + i);
            for (int answer = 0; answer < 20; answer++) {
                long bytes = random.nextLong(BUDGET / 2);
                try (Claim claim = account.claim("a", bytes)) {
                    long more = random.nextLong(BUDGET / 4);
                    long all = claim.grow(more) ? bytes + more : bytes;
                    assertThat(held.addAndGet(all)).isLessThanOrEqualTo(BUDGET / 2);
                    held.addAndGet(-all);
                } catch (ProblemException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY);
                }
            }
        });
    }

    @Test
    void aCallerThatHoldsItsShareWaitsAndNoOtherCallerWaitsBehindIt() {
        MemoryAccount account = account(Duration.ofMillis(1));
        try (Claim _ = account.claim("a", BUDGET / 2)) {
            assertRefused(() -> account.claim("a", 1));
            try (Claim other = account.claim("b", BUDGET / 4)) {
                assertThat(other.grow(BUDGET / 8)).isTrue();
            }
        }
    }

    @Test
    void theCallerThatHoldsLeastIsServedNext() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (String address : List.of("a", "a", "a", "b", "b", "a", "b", "c")) {
            entries.add(account.enter(address, BUDGET / 16));
        }
        assertThat(entries).filteredOn(CompletableFuture::isDone).hasSize(5);

        entries.getFirst().join().close();

        assertThat(entries.get(5)).isNotDone();
        assertThat(entries.get(7)).isCompleted();
    }

    @Test
    void inputsOfOneCallerLeaveRoomForThoseOfAnother() {
        MemoryAccount account = account(Duration.ofMillis(1));
        try (Input large = account.inputOf("a");
                Input more = account.inputOf("a");
                Input other = account.inputOf("b")) {
            large.hold(BUDGET);

            assertRefused(() -> more.hold(1));
            other.hold(BUDGET);
            assertThat(account.held()).isEqualTo(BUDGET / 8);
        }
        assertThat(account.held()).isZero();
    }

    @Test
    void anInputThatIsReadAgainHoldsWhatIsReadThen() {
        MemoryAccount account = account(Duration.ofMillis(1));
        try (Input input = account.inputOf("a")) {
            input.hold(1000);
            input.hold(10);

            assertThat(account.held()).isEqualTo(10);
        }
    }

    private static void assertRefused(ThrowingCallable claim) {
        assertThatThrownBy(claim)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY));
    }

    @Test
    void entriesLeaveElevenSixteenthsOfTheBudgetToInputsAndAnswers() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(account.enter(Caller.ANYBODY.id(), BUDGET / 8));
        }

        assertThat(entries).filteredOn(CompletableFuture::isDone).hasSize(2);
        assertThat(account.entriesAreAwaited("another")).isTrue();
        entries.getFirst().join().close();
        assertThat(entries.get(2)).isCompleted();
    }

    @Test
    void entriesOfOneAddressLeaveTwoFifthsOfThemToOthers() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(account.enter("an address", BUDGET / 16));
        }

        assertThat(entries).filteredOn(CompletableFuture::isDone).hasSize(3);
        assertThat(account.entriesAreAwaited("another"))
                .as("by one that waits for another's")
                .isFalse();
        assertThat(account.entriesAreAwaited("an address")).isTrue();
        assertThat(account.enter("another", BUDGET / 16)).isCompleted();
    }

    @Test
    void anEntryThatIsGivenUpMakesRoomForTheNext() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            entries.add(account.enter(Caller.ANYBODY.id(), BUDGET / 8));
        }
        entries.get(2).cancel(false);

        entries.getFirst().join().close();

        assertThat(entries.get(3)).isCompleted();
    }

    @Test
    void anAnswerThatWaitsTooLongIsRefusedAndHoldsNothing() {
        MemoryAccount account = account(Duration.ofMillis(1));
        try (Claim first = account.claim("a", BUDGET / 2);
                Claim second = account.claim("b", BUDGET / 2 - 1)) {
            assertRefused(() -> account.claim("c", 2));
            assertThat(second.grow(1)).isTrue();
            assertThat(first.grow(1)).isFalse();
        }
        assertThat(account.held()).isZero();
    }

    @Test
    void noAnswerMayHoldMoreThanHalfOfTheBudget() {
        assertThatThrownBy(() -> account(Duration.ofSeconds(10)).claim("a", BUDGET / 2 + 1))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ANSWER_TOO_LARGE));
    }

    @Test
    void aClaimThatWasGivenBackTakesNothingMore() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        Claim claim = account.claim("a", 1);
        claim.close();

        assertThat(claim.grow(1)).isFalse();
        claim.resize(1);

        assertThat(account.held()).isZero();
    }
}
