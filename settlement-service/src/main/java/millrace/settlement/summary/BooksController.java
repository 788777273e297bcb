package millrace.settlement.summary;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import millrace.chain.contract.VaultBooks;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Rpc;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BooksView;
import millrace.messaging.command.BooksView.Kept;
import millrace.messaging.command.BooksView.OnChain;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.settlement.sql.Columns;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/// The chain's books at the newest final block beside our own, for whoever reconciles them.
@RestController
class BooksController {
  private final BlockFollower follower;
  private final VaultBooks books;
  private final JdbcClient jdbc;
  private final Address token;

  BooksController(BlockFollower follower, Rpc rpc, JdbcClient jdbc, HubTerms terms) {
    this.follower = follower;
    this.token = terms.token().address();
    this.books = new VaultBooks(rpc, terms.channels(), terms.vault(), token);
    this.jdbc = jdbc;
  }

  /// Written as messages are: the other side reads amounts and addresses as strings.
  @GetMapping(path = "/internal/books", produces = MediaType.APPLICATION_JSON_VALUE)
  String books() {
    return MessagingJson.mapper().writeValueAsString(view());
  }

  private BooksView view() {
    var block =
        follower
            .finalBlock()
            .orElseThrow(
                () ->
                    new ResponseStatusException(
                        HttpStatus.SERVICE_UNAVAILABLE, "no block is final yet"));
    return new BooksView(token, block.number(), onChain(block), kept(block));
  }

  private OnChain onChain(FollowedBlock block) {
    var at = BlockRef.at(block.hash());
    var told = books.at(at);
    return new OnChain(
        told.held(),
        told.owed(),
        told.credited(),
        told.claimed(),
        told.settled(),
        told.escrow(),
        books.announcedTake(at, block.timestamp().getEpochSecond()));
  }

  /// One statement, so that all of it is of one moment.
  private Kept kept(FollowedBlock block) {
    return jdbc.sql(
            """
            SELECT c.*, p.*, o.*, x.*, a.*
              FROM (SELECT coalesce(sum(balance - claimed), 0) AS escrow,
                           coalesce(sum(claimed), 0) AS claimed,
                           count(*) FILTER (WHERE touched_block > read_block
                             AND touched_block <= :final) AS unread
                      FROM channel WHERE token = :token) AS c,
                   (SELECT coalesce(sum(cumulative), 0) AS promised,
                           coalesce(sum(credited), 0) AS credited
                      FROM promise WHERE token = :token) AS p,
                   (SELECT coalesce(sum(amount) FILTER (WHERE state = 'PAID'), 0) AS paid,
                           coalesce(sum(amount) FILTER (WHERE state IN ('WAITING', 'PROMISED')), 0)
                             AS open
                      FROM payout WHERE token = :token) AS o,
                   (SELECT coalesce(sum(claimed - coalesce(due, 0)), 0) AS claimed_credit
                      FROM channel LEFT JOIN claimable USING (channel_id)
                     WHERE claimed > coalesce(due, 0)) AS x,
                   (SELECT coalesce(sum(told.total), 0) AS answered,
                           coalesce(sum(least(told.total, read.claimed)), 0) AS answers_read
                      FROM (SELECT channel_id, max(total_claimed) AS total FROM tower_claim
                             WHERE told_at <= :at GROUP BY channel_id) AS told
                      LEFT JOIN channel AS read USING (channel_id)) AS a
            """)
        .param("at", Columns.write(block.timestamp()))
        .param("final", block.number())
        .param("token", token.toArray())
        .query((row, _) -> kept(row))
        .single();
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        integer(row, "escrow"),
        integer(row, "claimed"),
        row.getLong("unread"),
        integer(row, "promised"),
        integer(row, "credited"),
        integer(row, "paid"),
        integer(row, "open"),
        integer(row, "claimed_credit"),
        integer(row, "answered"),
        integer(row, "answers_read"));
  }

  private static BigInteger integer(ResultSet row, String column) throws SQLException {
    return Columns.integer(row, column);
  }
}
