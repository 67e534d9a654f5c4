package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dataset.Source;
import dev.sluice.lease.Lease;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunningIngestsTest {
    private final RunningIngests running = new RunningIngests(null); // events are sent when an ingest ends

    private static Running ingest() {
        Lease lease = new Lease(UUID.randomUUID(), 1);
        return new Running(
                "set", Actor.of("caller"), lease, SourceOptions.of(Map.of()), Source.UPLOAD, Precondition.none());
    }

    @Test
    void claimThatMayBeCommittedIsWaitedForBeforeItsThreadRuns() throws InterruptedException {
        RunningIngests.Registration expected = running.expect();

        assertThat(running.awaitNone(Duration.ZERO)).isFalse();
        expected.close();
        assertThat(running.awaitNone(Duration.ZERO)).isTrue();
    }

    @Test
    void ingestThatBeginsWhileOthersAreHandedBackIsHandedBackToo() throws InterruptedException {
        Running before = ingest();
        running.add(before);

        assertThat(running.handBack()).containsExactly(before);
        Running late = ingest();
        running.add(late);

        assertThat(before.stop().reason()).contains(StopSignal.Reason.HANDED_BACK);
        assertThat(late.stop().reason()).contains(StopSignal.Reason.HANDED_BACK);
        assertThat(running.awaitNone(Duration.ZERO)).isFalse();
    }
}
