package millrace.settlement.payout;

import millrace.chain.contract.VaultBooks;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Amount;
import org.springframework.stereotype.Component;

/// What the vault could credit in a final block. Claimed money that was not moved into the vault
/// yet counts, since whoever credits or redeems moves it first.
@Component
class VaultMoney {
  private final VaultBooks books;
  private final Rpc rpc;

  VaultMoney(Rpc rpc, HubTerms terms) {
    this.rpc = rpc;
    this.books = new VaultBooks(rpc, terms.channels(), terms.vault(), terms.token().address());
  }

  /// @param amount credited to nobody, and not about to be taken by the administrator
  record Money(FollowedBlock block, Amount amount) {}

  /// All that the vault ever credited.
  Amount credited(FollowedBlock block) {
    return books.at(BlockRef.at(block.hash())).credited();
  }

  /// Good news counts when final; that the administrator is about to take some counts at once.
  Money in(FollowedBlock block) {
    var at = BlockRef.at(block.hash());
    var taken = books.announcedTake(at, block.timestamp().getEpochSecond());
    var head = rpc.head();
    var takenAtHead =
        books.announcedTake(BlockRef.at(head.hash()), head.timestamp().getEpochSecond());
    var told = books.at(at);
    var free = told.free().minusOrZero(taken.max(takenAtHead));
    // What somebody sent to the vault was not earned by anybody.
    return new Money(block, free.min(told.claimed().minusOrZero(told.credited())));
  }
}
