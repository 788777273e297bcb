package millrace.chain.contract;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.CallResult.Returned;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.rpc.RpcUnavailable;
import millrace.contracts.HubVault;
import millrace.contracts.PaymentChannels;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows which form of claim this hub's contracts take. The canonical channel contract has only the
/// standard one, ours has both, and a vault passes on what it knows itself; code on a chain does
/// not change, so the answer is asked for once.
public final class ClaimForms {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimForms.class);
  private static final BigInteger VERSION = BigInteger.ONE;

  private final Rpc rpc;
  private final Address channels;
  private final Address vault;
  private volatile Optional<ClaimForm> known;

  public ClaimForms(Rpc rpc, Address channels, Address vault, ClaimFormProperties properties) {
    this.rpc = rpc;
    this.channels = channels;
    this.vault = vault;
    this.known = properties.form().forced();
  }

  /// Without network. The standard form serves as long as nobody has answered, for it is right
  /// everywhere.
  public ClaimForm current() {
    return known.orElse(ClaimForm.STANDARD);
  }

  /// Asks the contracts if they have not answered yet. A node that is down is no failure: it is
  /// asked again the next time.
  public void ask() {
    if (known.isPresent()) return;
    try {
      known = answer();
    } catch (RpcUnavailable | RpcFault e) {
      LOG.debug("the contracts cannot be asked yet: {}", e.getMessage());
    }
    known.ifPresent(form -> LOG.info("claims take the {} form", form));
  }

  /// Empty where there is no contract yet.
  private Optional<ClaimForm> answer() {
    var results =
        rpc.callAll(
            List.of(
                new Call(channels, ContractCalls.encode(PaymentChannels.FUNC_COMPACT_CLAIMS)),
                new Call(vault, ContractCalls.encode(HubVault.FUNC_COMPACT_CLAIMS))),
            BlockRef.LATEST);
    boolean compact = true;
    for (var result : results) {
      if (result instanceof Returned(var data)) {
        if (data.isEmpty()) return Optional.empty();
        compact &= new AbiWords(data).number(0).equals(VERSION);
      } else {
        compact = false;
      }
    }
    return Optional.of(compact ? ClaimForm.COMPACT : ClaimForm.STANDARD);
  }
}
