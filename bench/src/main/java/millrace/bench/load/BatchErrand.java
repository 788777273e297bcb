package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Sends the payments of several channels in one call, a line each. A channel that has its turn
/// twice in a call has its vouchers there in order.
final class BatchErrand implements Errand {
  private static final byte[] STATUS = "\"status\":".getBytes(UTF_8);

  private final List<Payer> payers;
  private final int lines;
  private final Target target;
  private final byte[] beforeSignature;
  private final byte[] afterSignature;
  private final List<Purse> sent = new ArrayList<>();
  private int turn;

  /// One channel of the batch.
  record Payer(Purse purse, Envelope envelope) {}

  BatchErrand(
      List<Payer> payers, int lines, Target target, byte[] beforeSignature, byte[] afterSignature) {
    this.payers = List.copyOf(payers);
    this.lines = lines;
    this.target = target;
    this.beforeSignature = beforeSignature.clone();
    this.afterSignature = afterSignature.clone();
  }

  @Override
  public boolean isDry() {
    int each = (lines + payers.size() - 1) / payers.size();
    return payers.stream().anyMatch(payer -> !payer.purse.has(each - 1));
  }

  @Override
  public void write(ByteBuffer out) {
    sent.clear();
    var headers = new ArrayList<byte[]>(lines);
    int length = 0;
    for (int line = 0; line < lines; line++) {
      var payer = payers.get((turn + line) % payers.size());
      int ahead = line / payers.size();
      var header = payer.envelope.header(payer.purse.ceiling(ahead), payer.purse.signature(ahead));
      headers.add(header);
      sent.add(payer.purse);
      length += beforeSignature.length + header.length + afterSignature.length + 1;
    }
    target.writeStart(out);
    Target.length(out, length);
    for (var header : headers) {
      out.put(beforeSignature).put(header).put(afterSignature).put((byte) '\n');
    }
  }

  @Override
  public Verdict judge(Answer answer, Tally tally) {
    if (answer.status() != 200) return judgeWhole(answer, tally);
    var statuses = statuses(answer.body());
    if (statuses.size() != lines) {
      tally.surprise(answer.status(), statuses.size() + " lines: " + answer.text());
      return Verdict.WRONG;
    }
    var behind = new HashSet<Purse>();
    boolean busy = false;
    boolean wrong = false;
    for (int line = 0; line < lines; line++) {
      int status = statuses.get(line);
      var purse = sent.get(line);
      if (status == 200 || status == 201) {
        purse.acknowledged(1);
        tally.accepted(1);
      } else if (Verdict.isBusy(status)) {
        tally.later(status);
        behind.add(purse);
        busy = true;
      } else if (!behind.contains(purse)) {
        // A voucher behind one that was put off cannot be right; that is not counted twice.
        tally.surprise(status, answer.text());
        behind.add(purse);
        wrong = true;
      }
    }
    turn = (turn + lines) % payers.size();
    if (wrong) return Verdict.WRONG;
    return busy ? Verdict.BUSY : Verdict.ACCEPTED;
  }

  private Verdict judgeWhole(Answer answer, Tally tally) {
    if (Verdict.isBusy(answer.status())) {
      for (int line = 0; line < lines; line++) tally.later(answer.status());
      return Verdict.BUSY;
    }
    tally.surprise(answer.status(), answer.text());
    return Verdict.WRONG;
  }

  /// The first number that each line calls its status; a payment has a status as well, in words.
  static List<Integer> statuses(byte[] ndjson) {
    var statuses = new ArrayList<Integer>();
    boolean found = false;
    for (int at = 0; at < ndjson.length; at++) {
      if (ndjson[at] == '\n') {
        found = false;
      } else if (!found && startsAt(ndjson, at)) {
        int number = 0;
        for (int digit = at + STATUS.length; isDigit(ndjson, digit); digit++) {
          number = number * 10 + (ndjson[digit] - '0');
        }
        if (number > 0) {
          statuses.add(number);
          found = true;
        }
      }
    }
    return statuses;
  }

  private static boolean startsAt(byte[] text, int at) {
    if (text[at] != '"' || at + STATUS.length >= text.length) return false;
    for (int i = 1; i < STATUS.length; i++) {
      if (text[at + i] != STATUS[i]) return false;
    }
    return true;
  }

  private static boolean isDigit(byte[] text, int at) {
    return at < text.length && text[at] >= '0' && text[at] <= '9';
  }
}
