package millrace.gateway.stream;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Who asked for a stream, and for which.
///
/// @param key the id of the API key, which has so many streams and no more
/// @param topic what the stream is about: whoever has news of it calls [Streams#wake]
/// @param stillAllowed asked before every heartbeat
/// @param after the cursor to resume from, by [Cursors]
public record Listener(
    String key, String topic, BooleanSupplier stillAllowed, Optional<String> after) {}
