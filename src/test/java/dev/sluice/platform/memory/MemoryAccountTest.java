package dev.sluice.platform.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.memory.MemoryAccount.Claim;
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
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MemoryAccountTest {
    private static final long BUDGET = 1_000_000;

    private static MemoryAccount account(Duration patience) {
        return new MemoryAccount(new MemoryConfig() {
            @Override
            public MemorySize memory() {
                return new MemorySize(BigInteger.valueOf(BUDGET));
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
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> answers = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> answers(account, new Random(seed + i))))
                    .toList();
            for (Future<?> answer : answers) {
                answer.get();
            }
        }

        assertThat(account.held()).isZero();
        assertThat(account.enter()).isCompleted();
    }

    private static void answers(MemoryAccount account, Random random) {
        for (int i = 0; i < 50; i++) {
            CompletableFuture<Claim> entry = account.enter();
            assertWithinBudget(account);
            if (random.nextInt(4) == 0 && entry.cancel(false)) {
                continue;
            }
            try (Claim entered = entry.join();
                    Claim claim = account.claim(random.nextLong(BUDGET / 2))) {
                boolean grown = claim.grow(random.nextLong(BUDGET));
                assertWithinBudget(account);
                claim.shrink(grown ? random.nextLong(BUDGET) : 0);
                entered.shrink(random.nextLong(1000));
                assertWithinBudget(account);
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY);
            }
        }
    }

    private static void assertWithinBudget(MemoryAccount account) {
        assertThat(account.held()).isBetween(0L, BUDGET);
    }

    @Test
    void entriesLeaveHalfOfTheBudgetToAnswers() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(account.enter());
        }

        assertThat(entries).filteredOn(CompletableFuture::isDone).hasSize(3);
        try (Claim claim = account.claim(BUDGET / 2)) {
            assertThat(claim.grow(BUDGET / 2)).isFalse();
        }
        entries.getFirst().join().close();
        assertThat(entries.get(3)).isCompleted();
    }

    @Test
    void anEntryThatIsGivenUpMakesRoomForTheNext() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        List<CompletableFuture<Claim>> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            entries.add(account.enter());
        }
        entries.get(3).cancel(false);

        entries.getFirst().join().close();

        assertThat(entries.get(4)).isCompleted();
    }

    @Test
    void anAnswerThatWaitsTooLongIsRefusedAndHoldsNothing() {
        MemoryAccount account = account(Duration.ofMillis(1));
        try (Claim first = account.claim(BUDGET / 2);
                Claim second = account.claim(BUDGET / 2 - 1)) {
            assertThatThrownBy(() -> account.claim(2))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY));
            assertThat(second.grow(1)).isTrue();
            assertThat(first.grow(1)).isFalse();
        }
        assertThat(account.held()).isZero();
    }

    @Test
    void noAnswerMayHoldMoreThanHalfOfTheBudget() {
        assertThatThrownBy(() -> account(Duration.ofSeconds(10)).claim(BUDGET / 2 + 1))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ANSWER_TOO_LARGE));
    }

    @Test
    void aClaimThatWasGivenBackTakesNothingMore() {
        MemoryAccount account = account(Duration.ofSeconds(10));
        Claim claim = account.claim(1);
        claim.close();

        assertThat(claim.grow(1)).isFalse();
        claim.resize(1);

        assertThat(account.held()).isZero();
    }
}
