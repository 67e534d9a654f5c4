package dev.sluice.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.autoscale.ScalingRules.Policy;
import dev.sluice.autoscale.ScalingRules.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples that Kubernetes' documentation gives, and those its sentences imply. */
class HpaTest {
    private static final double NOW = 10_000;
    private static final Recommendation TOWARDS_100M = Recommendation.towards(0.1);

    private static PodStatus using(double cores) {
        return new PodStatus(Optional.of(0.0), true, 10, Optional.of(new Sample(cores, NOW - 5, 15)));
    }

    private static List<PodStatus> pods(int count, PodStatus pod) {
        return new ArrayList<>(Collections.nCopies(count, pod));
    }

    private static List<PodStatus> pods(int count, PodStatus pod, int others, PodStatus other) {
        List<PodStatus> all = pods(count, pod);
        all.addAll(pods(others, other));
        return all;
    }

    private static PodStatus startedFor(double seconds, boolean ready, double changedAt, double windowBegan) {
        return new PodStatus(
                Optional.of(NOW - seconds), ready, changedAt, Optional.of(new Sample(0.2, windowBegan + 15, 15)));
    }

    private static PodStatus.Standing standing(PodStatus pod) {
        return pod.standing(NOW, 30, 300);
    }

    private static Hpa withDefaults(int least, int most) {
        return new Hpa(least, most, ScalingRules.up(), ScalingRules.down());
    }

    @Test
    void twiceTheTargetDoublesTheReplicas() {
        assertThat(TOWARDS_100M.forPods(NOW, 3, pods(3, using(0.2)))).isEqualTo(6);
    }

    @Test
    void halfTheTargetHalvesTheReplicas() {
        assertThat(TOWARDS_100M.forPods(NOW, 6, pods(6, using(0.05)))).isEqualTo(3);
    }

    @Test
    void aTenthOffTheTargetChangesNothing() {
        assertThat(TOWARDS_100M.forPods(NOW, 10, pods(10, using(0.1099)))).isEqualTo(10);
        assertThat(TOWARDS_100M.forPods(NOW, 10, pods(10, using(0.0901)))).isEqualTo(10);
    }

    @Test
    void moreThanATenthOffTheTargetIsRoundedUp() {
        assertThat(TOWARDS_100M.forPods(NOW, 10, pods(10, using(0.1111)))).isEqualTo(12);
        assertThat(TOWARDS_100M.forPods(NOW, 10, pods(10, using(0.0889)))).isEqualTo(9);
    }

    @Test
    void podsThatAreNotYetReadyCountAsZeroInAScaleUp() {
        assertThat(TOWARDS_100M.forPods(NOW, 4, pods(2, using(0.3), 2, PodStatus.pending(NOW - 1))))
                .isEqualTo(6);
    }

    @Test
    void podsThatAreNotYetReadyDoNotCountInAScaleDown() {
        assertThat(TOWARDS_100M.forPods(NOW, 4, pods(2, using(0.05), 2, PodStatus.pending(NOW - 1))))
                .isEqualTo(2);
    }

    @Test
    void aScaleUpThatTheNotYetReadyPodsTurnIntoAScaleDownIsNotDone() {
        assertThat(TOWARDS_100M.forPods(NOW, 8, pods(2, using(0.2), 6, PodStatus.pending(NOW - 1))))
                .isEqualTo(8);
    }

    @Test
    void podsWithoutAMetricCountAsNothingInAScaleUpAndAsTheTargetInAScaleDown() {
        PodStatus silent = new PodStatus(Optional.of(0.0), true, 10, Optional.empty());

        assertThat(TOWARDS_100M.forPods(NOW, 4, pods(2, using(0.3), 2, silent))).isEqualTo(6);
        assertThat(TOWARDS_100M.forPods(NOW, 4, pods(2, using(0.05), 2, silent)))
                .isEqualTo(3);
    }

    @Test
    void nothingIsDoneWithoutAnyMetric() {
        assertThat(TOWARDS_100M.forPods(NOW, 4, pods(4, PodStatus.pending(NOW - 1))))
                .isEqualTo(4);
    }

    @Test
    void aMetricFromBeforeAYoungPodWasReadyIsSetAside() {
        assertThat(standing(startedFor(60, true, NOW - 30, NOW - 31))).isEqualTo(PodStatus.Standing.NOT_YET_READY);
        assertThat(standing(startedFor(60, true, NOW - 30, NOW - 29))).isEqualTo(PodStatus.Standing.COUNTED);
    }

    @Test
    void anOldPodThatBecameUnreadyLaterIsCountedAndOneThatNeverWasReadyIsNot() {
        assertThat(standing(startedFor(400, false, NOW - 100, NOW - 20))).isEqualTo(PodStatus.Standing.COUNTED);
        assertThat(standing(startedFor(400, false, NOW - 399, NOW - 20))).isEqualTo(PodStatus.Standing.NOT_YET_READY);
    }

    @Test
    void anExternalMetricIsDividedByItsTargetHoweverManyPodsThereAre() {
        Recommendation five = Recommendation.towards(5);

        assertThat(five.forTotal(1, 42)).isEqualTo(9);
        assertThat(five.forTotal(9, 42)).isEqualTo(9);
        assertThat(five.forTotal(3, 0)).isZero();
    }

    @Test
    void aScaleUpAddsFourPodsOrAsManyAsThereAre() {
        assertThat(withDefaults(1, 100).decide(0, 2, 50)).isEqualTo(6);
        assertThat(withDefaults(1, 100).decide(0, 10, 50)).isEqualTo(20);
    }

    @Test
    void aPolicyHoldsForItsPeriodAndNotLonger() {
        Hpa hpa = withDefaults(1, 100);

        assertThat(hpa.decide(0, 2, 50)).isEqualTo(6);
        assertThat(hpa.decide(10, 6, 50)).isEqualTo(6);
        assertThat(hpa.decide(15, 6, 50)).isEqualTo(12);
    }

    @Test
    void eightyReplicasGoDownByATenthAMinuteAndByFourOnceThatIsMore() {
        Hpa hpa = new Hpa(
                1,
                100,
                ScalingRules.up(),
                new ScalingRules(0, List.of(new Policy(Unit.PODS, 4, 60), new Policy(Unit.PERCENT, 10, 60))));

        assertThat(hpa.decide(0, 80, 10)).isEqualTo(72);
        assertThat(hpa.decide(60, 72, 10)).isEqualTo(64);
        assertThat(hpa.decide(120, 36, 10)).isEqualTo(32);
    }

    @Test
    void aScaleDownTakesTheHighestRecommendationOfFiveMinutes() {
        Hpa hpa = withDefaults(1, 100);

        assertThat(hpa.decide(0, 10, 8)).isEqualTo(8);
        assertThat(hpa.decide(15, 8, 7)).isEqualTo(8);
        assertThat(hpa.decide(30, 8, 3)).isEqualTo(8);
        assertThat(hpa.decide(299, 8, 3)).isEqualTo(8);
        assertThat(hpa.decide(300, 8, 3)).isEqualTo(7);
        assertThat(hpa.decide(315, 7, 3)).isEqualTo(3);
    }

    @Test
    void aScaleUpWithAWindowTakesTheLowestRecommendationInIt() {
        Hpa hpa = new Hpa(1, 100, new ScalingRules(60, ScalingRules.up().policies()), ScalingRules.down());

        assertThat(hpa.decide(0, 4, 5)).isEqualTo(5);
        assertThat(hpa.decide(30, 5, 8)).isEqualTo(5);
        assertThat(hpa.decide(60, 5, 8)).isEqualTo(8);
    }

    @Test
    void replicasStayBetweenTheLeastAndTheMost() {
        assertThat(withDefaults(2, 7).decide(0, 5, 50)).isEqualTo(7);
        assertThat(withDefaults(2, 7).decide(0, 5, 0)).isEqualTo(2);
        assertThatThrownBy(() -> withDefaults(0, 7)).isInstanceOf(IllegalArgumentException.class);
    }
}
