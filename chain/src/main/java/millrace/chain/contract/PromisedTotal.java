package millrace.chain.contract;

import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// What a payee may have out of the vault, in all.
public record PromisedTotal(Address payee, Amount cumulative) {}
