package millrace.settlement.chain;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.ChainProperties;
import millrace.chain.follower.BlockFollower;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.LocalSigner;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionListener;
import millrace.chain.sender.TransactionSender;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.settlement.KeyProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// One sender for each account: roles that share a key share its nonces. None of them begins a
/// transaction before the token is confirmed, nor once the chain is not followed any more.
@Component
public class Senders implements TransactionListener {
  private final Map<Address, TransactionSender> byAccount = new LinkedHashMap<>();
  private final KeyProperties keys;
  private final ObjectProvider<OutcomeHandler> handlers;

  Senders(
      Rpc rpc,
      JdbcClient jdbc,
      TransactionTemplate transactions,
      ChainProperties chain,
      HubTerms terms,
      KeyProperties keys,
      BlockFollower follower,
      DeploymentCheck check,
      ObjectProvider<OutcomeHandler> handlers,
      Clock clock) {
    this.keys = keys;
    this.handlers = handlers;
    for (var key : List.of(keys.claimer(), keys.promiser(), keys.refunder())) {
      byAccount.computeIfAbsent(
          key.address(),
          _ ->
              new TransactionSender(
                  rpc,
                  jdbc,
                  transactions,
                  new LocalSigner(key),
                  chain.sender(terms.chainId()),
                  this,
                  () -> check.isConfirmed() && follower.status().stopped().isEmpty(),
                  clock));
    }
  }

  public TransactionSender claimer() {
    return of(keys.claimer());
  }

  public TransactionSender promiser() {
    return of(keys.promiser());
  }

  public TransactionSender refunder() {
    return of(keys.refunder());
  }

  List<TransactionSender> all() {
    return List.copyOf(byAccount.values());
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    handlerOf(transaction.purpose()).onFinal(transaction);
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    handlerOf(purpose).onRefused(purpose, reason, revertData);
  }

  private TransactionSender of(SigningKey key) {
    var sender = byAccount.get(key.address());
    if (sender == null) throw new IllegalStateException("no sender for " + key.address());
    return sender;
  }

  private OutcomeHandler handlerOf(Purpose purpose) {
    return handlers.stream()
        .filter(handler -> handler.kind().equals(purpose.kind()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody asks for " + purpose));
  }
}
