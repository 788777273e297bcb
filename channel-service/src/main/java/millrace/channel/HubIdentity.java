package millrace.channel;

import millrace.channel.sql.Columns;
import millrace.protocol.channel.HubTerms;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// One vault belongs to one ledger. A database that was filled for another hub is refused at the
/// start, before its sums are mixed with ours.
@Component
class HubIdentity implements InitializingBean {
  private final JdbcClient client;
  private final HubTerms terms;

  HubIdentity(JdbcClient client, HubTerms terms) {
    this.client = client;
    this.terms = terms;
  }

  @Override
  public void afterPropertiesSet() {
    Object[] identity = {
      Columns.write(terms.chainId()),
      terms.channels().toArray(),
      terms.vault().toArray(),
      terms.token().address().toArray()
    };
    client
        .sql(
            """
            INSERT INTO hub (chain_id, channels, vault, token) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        .params(identity)
        .update();
    long same =
        client
            .sql(
                """
                SELECT count(*) FROM hub
                 WHERE chain_id = ? AND channels = ? AND vault = ? AND token = ?
                """)
            .params(identity)
            .query(Long.class)
            .single();
    if (same != 1) {
      throw new IllegalStateException(
          "this database is the ledger of another hub: chain, channel contract, vault or token"
              + " differ from millrace.hub.*");
    }
  }
}
