package millrace.gateway.stream;

/// One event of a stream.
///
/// @param id the cursor after it: whoever comes again with it gets what follows
/// @param type what it is, for `addEventListener`
/// @param body as JSON
public record StreamEvent(String id, String type, Object body) {}
