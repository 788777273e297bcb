package millrace.chain.contract;

import java.math.BigInteger;
import millrace.protocol.type.Signature;

/// The payer's EIP-3009 authorisation, less what the channel's config already says.
public record DepositAuthorization(
    BigInteger validAfter, BigInteger validBefore, BigInteger salt, Signature signature) {}
