package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ingest.Signal.Event;
import dev.sluice.ingest.Signal.Notice;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private final Follower follower = new Follower(new UUID(0, 1), new StreamId(5, 0), () -> true);

    private static Event event(long millis) {
        return new Event(new StreamId(millis, 0), Event.PROGRESS, "{}");
    }

    private Signal next() throws InterruptedException {
        return follower.next(Duration.ZERO);
    }

    @Test
    void whatItHadBeforeIsNotGivenAgain() throws Exception {
        assertThat(follower.offer(event(4))).isTrue();
        assertThat(follower.offer(event(5))).isTrue();
        assertThat(follower.offer(event(6))).isTrue();
        assertThat(follower.offer(event(6))).isTrue();

        assertThat(next()).isEqualTo(event(6));
        assertThat(next()).isEqualTo(Notice.SILENCE);
    }

    @Test
    void aFullOneTakesNoMoreAndGoesOnWhereItStopped() throws Exception {
        for (int i = 0; i < Follower.CAPACITY; i++) {
            assertThat(follower.offer(event(10 + i))).isTrue();
        }
        StreamId last = new StreamId(9 + Follower.CAPACITY, 0);

        assertThat(follower.offer(event(1000))).isFalse();
        assertThat(follower.offer(event(1001))).isFalse();

        assertThat(follower.position()).isEqualTo(last);
        for (int i = 0; i < Follower.CAPACITY; i++) {
            assertThat(next()).isEqualTo(event(10 + i));
        }
        assertThat(next()).isEqualTo(Notice.SILENCE);
        follower.resume(last);
        assertThat(follower.offer(event(1000))).isTrue();
        assertThat(next()).isEqualTo(event(1000));
    }

    @Test
    void aNoticeReachesAFullOne() throws Exception {
        for (int i = 0; i < Follower.CAPACITY; i++) {
            follower.offer(event(10 + i));
        }
        follower.add(Notice.CLOSED);

        for (int i = 0; i < Follower.CAPACITY; i++) {
            assertThat(next()).isInstanceOf(Event.class);
        }
        assertThat(next()).isEqualTo(Notice.CLOSED);
    }

    @Test
    void itIsSilentWhenNothingCameBetweenTwoQuestions() throws Exception {
        assertThat(follower.silent()).isFalse();
        assertThat(follower.silent()).isTrue();
        follower.offer(event(6));
        next();
        assertThat(follower.silent()).isFalse();
        assertThat(follower.silent()).isTrue();
    }
}
