package millrace.bench.load;

import java.nio.ByteBuffer;

/// Asks what a resource costs and never pays.
final class UnpaidErrand implements Errand {
  private static final int PAYMENT_REQUIRED = 402;

  private final byte[] request;

  UnpaidErrand(byte[] request) {
    this.request = request.clone();
  }

  @Override
  public boolean isDry() {
    return false;
  }

  @Override
  public void write(ByteBuffer out) {
    out.put(request);
  }

  @Override
  public Verdict judge(Answer answer, Tally tally) {
    if (answer.status() == PAYMENT_REQUIRED) {
      tally.accepted(1);
      return Verdict.ACCEPTED;
    }
    if (Verdict.isBusy(answer.status())) {
      tally.later(answer.status());
      return Verdict.BUSY;
    }
    tally.surprise(answer.status(), answer.text());
    return Verdict.WRONG;
  }
}
