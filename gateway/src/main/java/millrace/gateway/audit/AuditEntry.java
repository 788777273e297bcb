package millrace.gateway.audit;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.MerchantId;

/// Something that a key or the operator did.
///
/// @param merchant whose affair it was
/// @param actor the key's id, or `operator`
/// @param action the operation's id
/// @param object the id of what it was done to
public record AuditEntry(
    String id,
    Optional<MerchantId> merchant,
    String actor,
    String action,
    Optional<String> object,
    String requestId,
    String ip,
    Instant at) {}
