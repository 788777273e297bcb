package millrace.gateway.webhook;

/// A message on its way to one endpoint.
///
/// @param attempts so far
record Parcel(long sequence, int attempts, String message, String body) {}
