package millrace.bench.load;

/// What an answer means for who sent the request.
enum Verdict {
  ACCEPTED,
  /// Too busy: the same voucher again after a moment.
  BUSY,
  /// Anything else: a fault somewhere. The same voucher again after a longer moment.
  WRONG;

  static boolean isBusy(int status) {
    return status == 429 || status == 503;
  }
}
