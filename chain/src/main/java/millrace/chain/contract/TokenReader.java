package millrace.chain.contract;

import java.math.BigInteger;
import java.util.List;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.Rpc;
import millrace.contracts.DevToken;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// An ERC-20 token with EIP-3009.
public final class TokenReader {
  private final Rpc rpc;
  private final Address token;

  public TokenReader(Rpc rpc, Address token) {
    this.rpc = rpc;
    this.token = token;
  }

  /// An EIP-3009 authorisation: the nonce is unique for its authorizer.
  public record Authorization(Address authorizer, Bytes32 nonce) {}

  /// Whether the authorisation was used or cancelled: either way it can do nothing any more.
  public boolean authorizationUsed(Address authorizer, Bytes32 nonce, BlockRef at) {
    return authorizationsUsed(List.of(new Authorization(authorizer, nonce)), at).getFirst();
  }

  /// In the order asked for.
  public List<Boolean> authorizationsUsed(List<Authorization> authorizations, BlockRef at) {
    var calls =
        authorizations.stream()
            .map(
                authorization ->
                    new Call(
                        token,
                        ContractCalls.encode(
                            DevToken.FUNC_AUTHORIZATIONSTATE,
                            ContractCalls.address(authorization.authorizer()),
                            new org.web3j.abi.datatypes.generated.Bytes32(
                                authorization.nonce().toArray()))))
            .toList();
    return rpc.callAll(calls, at).stream()
        .map(result -> new AbiWords(result.returned()).flag(0))
        .toList();
  }

  public Amount balanceOf(Address owner, BlockRef at) {
    var data = ContractCalls.encode(DevToken.FUNC_BALANCEOF, ContractCalls.address(owner));
    var units = read(data, at).number(0);
    return units.bitLength() > Amount.BITS ? Amount.MAX : new Amount(units);
  }

  public BigInteger decimals(BlockRef at) {
    return read(ContractCalls.encode(DevToken.FUNC_DECIMALS), at).number(0);
  }

  /// What the token's own signatures are bound to.
  public Bytes32 domainSeparator(BlockRef at) {
    return read(ContractCalls.encode(DevToken.FUNC_DOMAIN_SEPARATOR), at).bytes32(0);
  }

  private AbiWords read(Bytes data, BlockRef at) {
    return new AbiWords(rpc.call(new Call(token, data), at).returned());
  }
}
