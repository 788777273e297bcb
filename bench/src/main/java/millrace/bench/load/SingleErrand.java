package millrace.bench.load;

import java.nio.ByteBuffer;

/// Pays from one channel, one payment after the other.
final class SingleErrand implements Errand {
  private final Purse purse;
  private final Envelope envelope;
  private final Form form;

  SingleErrand(Purse purse, Envelope envelope, Form form) {
    this.purse = purse;
    this.envelope = envelope;
    this.form = form;
  }

  /// How a request carries a payment.
  @FunctionalInterface
  interface Form {
    void write(ByteBuffer out, byte[] paymentSignature);
  }

  @Override
  public boolean isDry() {
    return !purse.has(0);
  }

  @Override
  public void write(ByteBuffer out) {
    form.write(out, envelope.header(purse.ceiling(0), purse.signature(0)));
  }

  @Override
  public Verdict judge(Answer answer, Tally tally) {
    int status = answer.status();
    if (status == 200 || status == 201) {
      purse.acknowledged(1);
      tally.accepted(1);
      return Verdict.ACCEPTED;
    }
    if (Verdict.isBusy(status)) {
      tally.later(status);
      return Verdict.BUSY;
    }
    tally.surprise(status, answer.text());
    return Verdict.WRONG;
  }
}
