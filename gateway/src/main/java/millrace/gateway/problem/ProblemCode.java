package millrace.gateway.problem;

/// What can be wrong with a request, or with us. The code is what programs compare; the title is
/// for people and the same for every occurrence.
public enum ProblemCode {
  INVALID_REQUEST(400, "The request is not valid"),
  INVALID_JSON(400, "The body is not the JSON that is expected here"),
  UNKNOWN_FIELD(400, "The body has a field that is not known here"),
  UNKNOWN_VERSION(400, "There is no such version of the API"),
  IDEMPOTENCY_KEY_REQUIRED(400, "The request needs an Idempotency-Key"),
  MISSING_API_KEY(401, "The request carries no API key"),
  INVALID_API_KEY(401, "The API key is not valid"),
  EXPIRED_API_KEY(401, "The API key is not valid any more"),
  PAYMENT_REFUSED(402, "The payment was refused"),
  MISSING_SCOPE(403, "The API key may not do this"),
  IP_NOT_ALLOWED(403, "The API key may not be used from there"),
  TEST_MODE_ONLY(403, "There is no such thing where money is real"),
  SPEND_LIMIT_REACHED(403, "The API key may not spend so much in a day"),
  NOT_FOUND(404, "There is no such object"),
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  NOT_ACCEPTABLE(406, "The answer cannot be given in the accepted form"),
  BODY_TOO_SLOW(408, "The body did not arrive in time"),
  IN_FLIGHT(409, "The same request is being served just now"),
  PAYOUT_NOT_PENDING(409, "The payout is pending no more"),
  HOLD_ENDED(409, "The payment is not held any more"),
  ALREADY_SERVED(409, "This payment was served before"),
  LINK_CLOSED(410, "The payment link takes no more payments"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not supported"),
  IDEMPOTENCY_KEY_REUSED(422, "The key was used with other parameters"),
  INSUFFICIENT_FUNDS(422, "The balance is too small"),
  CAPTURE_TOO_LARGE(422, "More is to be captured than is held"),
  REFUND_NOT_ON_CHAIN(422, "The refund cannot be sent on chain"),
  REFUND_TOO_LARGE(422, "More is to be refunded than is left of the payment"),
  ADDRESS_NOT_ALLOWED(422, "The address may not be called"),
  PRICE_ABOVE_LIMIT(422, "The price is above what is charged at once"),
  LIMIT_REACHED(422, "There are as many as there may be"),
  NOT_IN_BATCH(422, "The payment must be sent by itself"),
  TOO_MANY_REQUESTS(429, "Too many requests of this kind"),
  INTERNAL_ERROR(500, "Something went wrong on our side"),
  UPSTREAM_FAILED(502, "The resource could not be reached"),
  OVERLOADED(503, "More is asked for than can be done in time"),
  TOWER_BEHIND(503, "The watchtower is behind"),
  UNAVAILABLE(503, "The service is not available just now"),
  OUTCOME_UNKNOWN(503, "The outcome is not known yet"),
  RESERVATION_EXPIRED(503, "The resource took too long"),
  UPSTREAM_TIMEOUT(504, "The resource did not answer in time");

  private final int status;
  private final String title;

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String slug() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
