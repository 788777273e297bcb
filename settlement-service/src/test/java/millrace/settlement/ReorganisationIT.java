package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import millrace.embedded.DevChain;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Reorganisations that a hub must not even be seen to notice: what they take away is done again,
/// once.
class ReorganisationIT {
  private static DevChain chain;
  private static Rig rig;
  private static Flow flow;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.chain.confirmations", 8,
                "millrace.chain.max-reorg-depth", 16,
                "millrace.settlement.claim.retry-after", "1s"));
    flow = new Flow(rig);
  }

  @AfterAll
  static void stop() {
    rig.close();
    chain.close();
  }

  static Stream<Arguments> everyStepAtEveryDepth() {
    return Stream.of(Step.values())
        .flatMap(step -> Stream.of(1, 5).map(depth -> Arguments.of(step, depth)));
  }

  @ParameterizedTest(name = "{0}, {1} deep")
  @MethodSource("everyStepAtEveryDepth")
  void whatIsReorganisedAwayIsDoneAgainAndCountsOnce(Step step, int depth) {
    var deed = step.prepared(flow);
    flow.begin();
    deed.begin();
    flow.reorganiseAway(step.kind(), depth);
    assertThat(deed.isDone()).isFalse();
    flow.awaitDone(deed);
    deed.assertDoneOnce();
    flow.awaitReconciled();
  }
}
