package millrace.bench.load;

import java.nio.ByteBuffer;

/// What one lane does over and over. It owns the channels it pays from, so a channel never has two
/// requests under way.
interface Errand {
  /// Whether there is nothing left to send.
  boolean isDry();

  /// Writes the next request: the last one again unless that was accepted.
  void write(ByteBuffer out);

  /// Takes note of the answer to the request written last.
  Verdict judge(Answer answer, Tally tally);
}
