package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import millrace.cli.Frames.Frame;
import org.junit.jupiter.api.Test;

class FramesTest {
  private final Frames frames = new Frames();

  @Test
  void linesUpToAnEmptyOneAreAnEvent() {
    assertThat(read("id:evt_1", "event:payment.succeeded", "data:{\"a\":1}", ""))
        .containsExactly(new Frame("evt_1", "payment.succeeded", "{\"a\":1}"));
  }

  @Test
  void oneSpaceAfterTheColonIsNoPartOfTheValueAndDataOfSeveralLinesIsJoined() {
    assertThat(read("id: evt_1", "data:  x", "data: y", ""))
        .containsExactly(new Frame("evt_1", "", " x\ny"));
  }

  @Test
  void commentsAndUnknownFieldsAreNoEvents() {
    assertThat(read(":alive", "", "retry:2000", ":open", "", "id:evt_1", "")).isEmpty();
  }

  @Test
  void whatOneEventSaysIsForgottenAtTheNext() {
    assertThat(read("event:a", "data:1", "", "data:2", ""))
        .containsExactly(new Frame("", "a", "1"), new Frame("", "", "2"));
  }

  private List<Frame> read(String... lines) {
    return List.of(lines).stream().flatMap(line -> frames.line(line).stream()).toList();
  }
}
