package dev.sluice.platform.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WholeAnswersTest {
    private final MemoryAccount account = MemoryAccountTest.account(10_000_000, Duration.ofMillis(20));
    private final WholeAnswers answers = new WholeAnswers(account);

    private WholeAnswer begin(String caller) {
        return answers.begin(caller, account.claim(caller, WholeAnswer.SMALL));
    }

    @Test
    void eightAreMadeAtOnceOfWhichOneCallerHasFour() {
        List<WholeAnswer> mine = Stream.generate(() -> begin("me")).limit(4).toList();

        assertThatThrownBy(() -> begin("me"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROWS_BUSY));
        assertThat(account.held()).isEqualTo(4 * WholeAnswer.SMALL);

        List<WholeAnswer> yours = Stream.generate(() -> begin("you")).limit(4).toList();
        assertThatThrownBy(() -> begin("another")).isInstanceOf(ProblemException.class);

        mine.getFirst().close();
        begin("another").close();
        mine.forEach(WholeAnswer::close);
        yours.forEach(WholeAnswer::close);
        assertThat(account.held()).isZero();
    }

    @Property(tries = 100)
    void anAnswerHasWhatWasWrittenAndHoldsThatAlone(
            @ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(max = 300_000) int length) {
        Random random = new Random(seed);
        byte[] written = new byte[length];
        random.nextBytes(written);
        MemoryAccount account = MemoryAccountTest.account(10_000_000, Duration.ofMillis(20));
        try (WholeAnswer answer = new WholeAnswers(account).begin("me", account.claim("me", WholeAnswer.SMALL))) {
            for (int from = 0; from < length; ) {
                int part = Math.min(1 + random.nextInt(100_000), length - from);
                answer.write(written, from, part);
                from += part;
            }
            assertThat(answer.bytes()).isEqualTo(written);
        }
        assertThat(account.held()).isEqualTo(length);
    }
}
