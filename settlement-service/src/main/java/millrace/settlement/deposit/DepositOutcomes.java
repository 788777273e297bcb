package millrace.settlement.deposit;

import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.OutcomeHandler;
import millrace.settlement.chain.Workers;
import org.springframework.stereotype.Component;

/// Notes what became of our own transactions. That a deposit is there is never concluded from that
/// alone: the token and the logs of the channel contract have to say so.
@Component
class DepositOutcomes implements OutcomeHandler {
  private final Deposits deposits;
  private final Workers workers;

  DepositOutcomes(Deposits deposits, Workers workers) {
    this.deposits = deposits;
    this.workers = workers;
  }

  @Override
  public String kind() {
    return DepositRelay.KIND;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    workers.wakeAfterCommit();
    var nonce = nonce(transaction.purpose());
    if (transaction.success()) {
      deposits.mined(nonce, transaction.hash());
      return;
    }
    deposits.move(
        nonce, DepositState.RELAYING, DepositState.REVERTED, "reverted in " + transaction.hash());
  }

  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    workers.wakeAfterCommit();
    deposits.move(
        nonce(purpose), DepositState.RELAYING, DepositState.REFUSED, reason + " " + revertData);
  }

  private static Bytes32 nonce(Purpose purpose) {
    return Bytes32.of(purpose.id());
  }
}
