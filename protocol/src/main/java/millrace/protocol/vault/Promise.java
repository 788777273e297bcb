package millrace.protocol.vault;

import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// "In this token this payee may have so much in all." Cumulative, so the highest replaces all
/// earlier ones; it never expires.
public record Promise(Address payee, Address token, Amount cumulative) {}
