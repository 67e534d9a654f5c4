package dev.sluice.platform.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.platform.identity.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void aCallerHasItsShareAndTheOthersTheRest() {
        Shares shares = new Shares(4, 3);

        for (int i = 0; i < 3; i++) {
            assertThat(shares.take("a", Duration.ZERO)).isPresent();
        }

        assertThat(shares.take("a", Duration.ZERO)).isEmpty();
        assertThat(shares.take("b", Duration.ZERO)).isPresent();
        assertThat(shares.take("b", Duration.ZERO)).isEmpty();
    }

    @Test
    void nobodyWaitsBehindACallerThatHasItsShare() {
        Shares shares = new Shares(2, 1);
        Shares.Place first = shares.take("a", LONG).orElseThrow();
        CompletableFuture<Optional<Shares.Place>> second = taking(shares, "a");
        Await.until("the second one waits", LONG, () -> shares.uses("a") == 2);

        Optional<Shares.Place> other = shares.take("b", Duration.ZERO);

        assertThat(other).isPresent();
        assertThat(second).isNotDone();
        first.close();
        assertThat(second.join()).isPresent();
    }

    private static CompletableFuture<Optional<Shares.Place>> taking(Shares shares, String caller) {
        CompletableFuture<Optional<Shares.Place>> place = new CompletableFuture<>();
        Thread.startVirtualThread(() -> place.complete(shares.take(caller, LONG)));
        return place;
    }

    @Test
    void callersTakeTheOnlyPlaceInTurn() {
        Shares shares = Shares.allButOne(1);
        Shares.Place place = shares.take("a", LONG).orElseThrow();
        List<CompletableFuture<Optional<Shares.Place>>> ofA = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ofA.add(taking(shares, "a"));
        }
        Await.until("five wait", LONG, () -> shares.uses("a") == 6);
        CompletableFuture<Optional<Shares.Place>> ofB = taking(shares, "b");
        Await.until("b waits", LONG, () -> shares.isAwaited("b"));

        place.close();
        CompletableFuture.anyOf(ofB, ofA.get(0), ofA.get(1), ofA.get(2), ofA.get(3), ofA.get(4))
                .join();

        assertThat(ofB).isDone();
    }

    @Test
    void aCallerAwaitsAPlaceOnlyWhileItWaitsItself() {
        Shares shares = Shares.allButOne(2);
        Shares.Place first = shares.take("a", LONG).orElseThrow();
        assertThat(shares.isAwaited("a")).isFalse();
        CompletableFuture<Optional<Shares.Place>> second = taking(shares, "a");
        Await.until("the second one waits", LONG, () -> shares.isAwaited("a"));

        assertThat(shares.isAwaited("b")).isFalse();

        first.close();
        second.join();
        assertThat(shares.isAwaited("a")).isFalse();
    }

    @Test
    void aCallerGivesUpEarlyOnlyIfOthersNeedWhatItHolds() {
        Shares shares = new Shares(1, 1);
        Shares.Place first = shares.take("a", LONG).orElseThrow();
        Duration look = Duration.ofMillis(1);
        assertThat(shares.take("b", LONG, look, () -> true)).isEmpty();
        AtomicInteger asked = new AtomicInteger();

        Optional<Shares.Place> second = shares.take("b", LONG, look, () -> {
            if (asked.incrementAndGet() == 3) {
                first.close();
            }
            return false;
        });

        assertThat(second).isPresent();
        assertThat(shares.take("c", look, look, () -> false)).isEmpty();
    }

    @Test
    void withoutKeysAllPlacesAreEveryones() {
        Shares shares = new Shares(3, 1);

        for (int i = 0; i < 3; i++) {
            assertThat(shares.take(Caller.ANYBODY.id(), Duration.ZERO)).isPresent();
        }

        assertThat(shares.take(Caller.ANYBODY.id(), Duration.ZERO)).isEmpty();
    }

    @Test
    void aThreadThatIsInterruptedTakesNoPlace() {
        Shares shares = new Shares(1, 1);
        Thread.currentThread().interrupt();

        Optional<Shares.Place> place = shares.take("a", LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(place).isEmpty();
        assertThat(shares.isAwaited("a")).isFalse();
        assertThat(shares.take("a", Duration.ZERO)).isPresent();
    }

    @Property(tries = 300)
    void noMoreAreTakenThanThereAreAndAllAreGivenBack(
            @ForAll @IntRange(min = 1, max = 6) int places,
            @ForAll @IntRange(min = 1, max = 6) int share,
            @ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> moves) {
        Shares shares = new Shares(places, share);
        Map<String, Integer> counts = new HashMap<>();
        List<Map.Entry<String, Shares.Place>> taken = new ArrayList<>();

        for (int move : moves) {
            if (move > 5 && !taken.isEmpty()) {
                Map.Entry<String, Shares.Place> given = taken.remove(move % taken.size());
                given.getValue().close();
                given.getValue().close();
                counts.merge(given.getKey(), -1, Integer::sum);
            } else {
                String caller = "c" + move % 3;
                boolean free = taken.size() < places && counts.getOrDefault(caller, 0) < share;
                Optional<Shares.Place> place = shares.take(caller, Duration.ZERO);
                assertThat(place.isPresent()).isEqualTo(free);
                place.ifPresent(p -> {
                    taken.add(Map.entry(caller, p));
                    counts.merge(caller, 1, Integer::sum);
                });
            }
        }

        taken.forEach(t -> t.getValue().close());
        assertThat(shares.callers()).isZero();
        for (int i = 0; i < places; i++) {
            assertThat(shares.take("own" + i, Duration.ZERO)).isPresent();
        }
    }
}
