package millrace.bench.load;

/// What kind of request a phase is made of.
public enum Shape {
  /// `POST /v1/payments`.
  API,
  /// `POST /v1/payments/batch`.
  BATCH,
  /// A paid `GET` of the route.
  PAYWALL,
  /// An unpaid `GET` of the route.
  UNPAID
}
