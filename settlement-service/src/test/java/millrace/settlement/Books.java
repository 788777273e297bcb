package millrace.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BooksView;
import millrace.protocol.type.Amount;

/// What the service has kept beside what the contracts say, as reconciliation gets to see it, and
/// what the service sent.
record Books(BooksView view, long open, long sent) {
  static Books of(Rig rig) throws Exception {
    var view =
        MessagingJson.strict().readValue(rig.get("/internal/books").toString(), BooksView.class);
    return new Books(
        view,
        count(rig, "SELECT count(*) FROM chain_transaction WHERE state IN ('WAITING', 'SENDING')"),
        count(
            rig,
            "SELECT count(*) FROM chain_transaction WHERE state IN ('SUCCEEDED', 'REVERTED')"));
  }

  /// Seen from outside of the service.
  ///
  /// @param minted all tokens that payers were ever given
  /// @param payers what they hold
  /// @param merchants what they were paid
  /// @param transactions in the chain from the service's account, strangers' not counted
  record Outside(BigInteger minted, BigInteger payers, BigInteger merchants, long transactions) {}

  /// In words; none when money is nowhere lost, doubled or forgotten.
  List<String> differences(Outside outside) {
    var chain = view.chain();
    var kept = view.kept();
    var left = units(chain.credited()).subtract(units(chain.owed()));
    var unsettled = units(chain.claimed()).subtract(units(chain.settled()));
    var held = units(chain.escrow()).add(units(chain.held()));
    var found = new ArrayList<String>();
    compare(found, "escrow", kept.escrow().add(unsettled), units(chain.escrow()));
    compare(found, "claimed", kept.claimed(), units(chain.claimed()));
    compare(found, "promised", kept.promised(), units(chain.credited()));
    compare(found, "credited", kept.credited(), units(chain.credited()));
    compare(found, "vault", units(chain.held()), units(chain.settled()).subtract(left));
    compare(found, "payouts", kept.payoutsPaid(), outside.merchants());
    compare(found, "paid by the vault", left, outside.merchants());
    compare(found, "open payouts", kept.payoutsOpen(), BigInteger.ZERO);
    compare(found, "tokens", outside.payers().add(held).add(outside.merchants()), outside.minted());
    compare(found, "unread channels", kept.unreadChannels(), 0);
    compare(found, "open transactions", open, 0);
    compare(found, "transactions", sent, outside.transactions());
    return found;
  }

  private static void compare(List<String> found, String what, Object one, Object other) {
    if (!one.equals(other)) found.add("%s: %s and %s".formatted(what, one, other));
  }

  private static void compare(List<String> found, String what, long one, long other) {
    if (one != other) found.add("%s: %d and %d".formatted(what, one, other));
  }

  private static BigInteger units(Amount amount) {
    return amount.units();
  }

  private static long count(Rig rig, String sql) {
    return rig.jdbc().sql(sql).query(Long.class).single();
  }
}
