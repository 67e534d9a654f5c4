package dev.sluice.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the pods and queues of the simulation behave as queues do. */
class ScenarioTest {
    private static final double BOUND = 0.1;

    private static WebSettings web(Load load, int least, int most) {
        return new WebSettings(load, 0.001, 10_000, 0.35, least, most, ScalingRules.up(), 2, 3);
    }

    private static WorkerSettings worker(Load load) {
        return new WorkerSettings(load, 2.7, 2, 6, 2, 15);
    }

    @Test
    void onePodThatIsHalfBusyMakesWaitAsTheTextbookSays() {
        Load half = new Load(500, 1, 0, 0, 1000, 1000, 1000);

        Outcome outcome = WebScenario.run(web(half, 1, 1), 5, BOUND, 7);

        double mean = outcome.waits().values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(Math.log(100) / (1000 - 500), within(0.0005));
        assertThat(outcome.refused()).isZero();
    }

    @Test
    void aPodThatCannotKeepUpRefusesWhatIsTooMuch() {
        Load twice = new Load(2000, 1, 0, 0, 100, 100, 100);

        Outcome outcome = WebScenario.run(web(twice, 1, 1), 5, BOUND, 7);

        assertThat((double) outcome.refused()).isCloseTo(2000 * 100 - 1000 * 100 - 10_000, within(2000.0));
        assertThat(outcome.longest()).isCloseTo(10, within(0.2));
    }

    @Test
    void theSameSeedGivesTheSame() {
        Load burst = new Load(100, 10, 0, 60, 120, 300, 300);

        assertThat(WebScenario.run(web(burst, 1, 20), 5, BOUND, 3))
                .isEqualTo(WebScenario.run(web(burst, 1, 20), 5, BOUND, 3));
        assertThat(WorkerScenario.run(worker(new Load(0.1, 10, 60, 360, 960, 1560, 2460)), 5, 5, 3))
                .isEqualTo(WorkerScenario.run(worker(new Load(0.1, 10, 60, 360, 960, 1560, 2460)), 5, 5, 3));
    }

    @Test
    void podsComeWithABurstAndGoFiveMinutesAfterIt() {
        Load burst = new Load(100, 10, 0, 60, 360, 1000, 1000);

        Series pods = WebScenario.run(web(burst, 1, 20), 1, BOUND, 3).pods();

        assertThat(pods.values().get(50)).isEqualTo(1);
        assertThat(pods.values().get(300)).isBetween(3.0, 4.0);
        assertThat(pods.values().get(630)).isBetween(3.0, 4.0);
        assertThat(pods.values().getLast()).isEqualTo(1);
    }

    @Test
    void workersComeFromNoneAndGoToNone() {
        Outcome outcome = WorkerScenario.run(worker(new Load(0.1, 10, 60, 360, 960, 1560, 2460)), 5, 5, 3);

        assertThat(outcome.pods().values().getFirst()).isZero();
        assertThat(outcome.pods().values().getLast()).isZero();
        assertThat(outcome.mostPods()).isBetween(3, 6);
        assertThat(outcome.first()).isBetween(7.0, 22.0);
        assertThat(outcome.waits().values().getLast()).isZero();
    }

    @Test
    void aPodIsReadyAtTheFirstProbeThatIsAnswered() {
        PodTimes times = new PodTimes(2, 5.3, 3);

        assertThat(times.readyAt(100, 0)).isEqualTo(108);
        assertThat(times.readyAt(100, 0.5)).isEqualTo(109.5);
        assertThat(new PodTimes(2, 0.08, 3).readyAt(100, 0.5)).isEqualTo(103.5);
    }

    @Test
    void itHasRecoveredOnceItIsCalmForLongEnough() {
        Series series = new Series(5, List.of(9.0, 0.0, 9.0, 9.0, 0.0, 9.0, 0.0, 0.0, 0.0, 9.0));

        assertThat(series.calmFrom(10, 1, 15)).isEqualTo(30);
        assertThat(series.calmFrom(10, 1, 20)).isEqualTo(50);
        assertThat(series.calmFrom(10, 10, 20)).isEqualTo(10);
    }
}
