package millrace.protocol.x402;

import static millrace.protocol.x402.X402Error.ERC3009_AUTHORIZATION_REQUIRED;
import static millrace.protocol.x402.X402Error.RECEIVE_AUTHORIZATION_SIGNATURE;

import java.math.BigInteger;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.Signature;
import tools.jackson.databind.node.ObjectNode;

/// A payer's leave to take `amount` from its tokens into its channel (EIP-3009).
///
/// @param validAfterSeconds block time the token waits for, exclusive
/// @param validBeforeSeconds block time from which the token refuses
/// @param salt makes the authorisation's nonce unique within the channel
public record Deposit(
    Amount amount,
    BigInteger validAfterSeconds,
    BigInteger validBeforeSeconds,
    Bytes32 salt,
    Signature signature) {
  /// By this nonce the deposit is recognised on chain, whoever relayed it.
  public Bytes32 nonce(ChannelId channelId) {
    return TokenDomain.depositNonce(channelId, new BigInteger(1, salt.toArray()));
  }

  static Deposit read(Fields fields) {
    var missing = fields.or(ERC3009_AUTHORIZATION_REQUIRED);
    var erc3009 = missing.object("authorization").object("erc3009Authorization").or(fields.error());
    return new Deposit(
        fields.amount("amount"),
        erc3009.uint256("validAfter"),
        erc3009.uint256("validBefore"),
        erc3009.as("salt", Bytes32::of),
        erc3009.or(RECEIVE_AUTHORIZATION_SIGNATURE).as("signature", Signature::of));
  }

  ObjectNode write() {
    var erc3009 =
        Json.object()
            .put("validAfter", validAfterSeconds.toString())
            .put("validBefore", validBeforeSeconds.toString())
            .put("salt", salt.toString())
            .put("signature", signature.toString());
    var authorization = Json.object();
    authorization.set("erc3009Authorization", erc3009);
    var node = Json.object().put("amount", amount.toString());
    node.set("authorization", authorization);
    return node;
  }
}
