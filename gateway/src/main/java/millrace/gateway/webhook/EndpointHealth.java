package millrace.gateway.webhook;

import static millrace.gateway.webhook.Messages.utc;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Looks after endpoints that take nothing: tells their merchants, switches them off after days,
/// and asks from time to time whether they are back. Every gateway does, and each finding is one
/// gateway's, since it is made by changing the row. One that somebody else is changing can wait
/// for the next look.
@Component
class EndpointHealth {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);
  static final String REASON = "it took nothing for too long";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final WebhookEndpointRepository repository;
  private final WebhookEndpoints endpoints;
  private final Replays replays;
  private final Deliveries deliveries;
  private final WebhookSender sender;
  private final WebhookSettings settings;
  private final Clock clock;

  EndpointHealth(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      WebhookEndpointRepository repository,
      WebhookEndpoints endpoints,
      Replays replays,
      Deliveries deliveries,
      WebhookSender sender,
      WebhookSettings settings,
      Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.repository = repository;
    this.endpoints = endpoints;
    this.replays = replays;
    this.deliveries = deliveries;
    this.sender = sender;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${millrace.gateway.webhooks.look-after:30s}")
  void lookAfter() {
    try {
      var now = clock.instant();
      transaction.executeWithoutResult(_ -> tellOfFailing(now));
      transaction.executeWithoutResult(_ -> disable(now));
      for (var id : due(now)) probe(id);
    } catch (DataAccessException away) {
      LOG.warn("endpoints are looked after later: {}", away.toString());
    }
  }

  private void tellOfFailing(Instant now) {
    var failing =
        jdbc.sql(
                """
                UPDATE webhook_endpoint e SET failing_told = true
                FROM (SELECT id FROM webhook_endpoint
                      WHERE failing_since < ? AND NOT failing_told
                        AND disabled_at IS NULL AND deleted_at IS NULL
                      FOR NO KEY UPDATE SKIP LOCKED) AS failing
                WHERE e.id = failing.id
                RETURNING e.id
                """)
            .param(utc(now.minus(settings.failingAfter())))
            .query(String.class)
            .list();
    tell(failing, EventType.ENDPOINT_FAILING, now);
  }

  private void disable(Instant now) {
    var disabled =
        jdbc.sql(
                """
                UPDATE webhook_endpoint e
                SET disabled_at = :now, disabled_reason = :reason, probe_at = :probe
                FROM (SELECT id FROM webhook_endpoint
                      WHERE failing_since < :since AND disabled_at IS NULL AND deleted_at IS NULL
                      FOR NO KEY UPDATE SKIP LOCKED) AS failing
                WHERE e.id = failing.id
                RETURNING e.id
                """)
            .param("now", utc(now))
            .param("reason", REASON)
            .param("probe", utc(now.plus(settings.probe())))
            .param("since", utc(now.minus(settings.disableAfter())))
            .query(String.class)
            .list();
    tell(disabled, EventType.ENDPOINT_DISABLED, now);
  }

  private List<String> due(Instant now) {
    return jdbc.sql(
            """
            UPDATE webhook_endpoint e SET probe_at = ?
            FROM (SELECT id FROM webhook_endpoint
                  WHERE probe_at <= ? AND disabled_at IS NOT NULL AND deleted_at IS NULL
                  FOR NO KEY UPDATE SKIP LOCKED) AS quiet
            WHERE e.id = quiet.id
            RETURNING e.id
            """)
        .param(utc(now.plus(settings.probe())))
        .param(utc(now))
        .query(String.class)
        .list();
  }

  /// With a message about nothing. An endpoint that takes it hears what it missed.
  private void probe(String id) {
    var endpoint = repository.findById(id).orElseThrow();
    var notice = endpoints.notice(endpoint, EventType.ENDPOINT_TEST, clock.instant());
    var parcel = new Parcel(0, 0, notice.id(), notice.body().get());
    if (!sender.send(endpoint.target(), parcel).delivered()) return;
    int missed = replays.resume(endpoint);
    LOG.debug("{} is back and is told of {} events", id, missed);
    var now = clock.instant();
    transaction.executeWithoutResult(_ -> tell(List.of(id), EventType.ENDPOINT_RECOVERED, now));
  }

  private void tell(List<String> ids, EventType type, Instant now) {
    for (var id : ids) {
      var endpoint = repository.findById(id).orElseThrow();
      deliveries.add(List.of(endpoints.notice(endpoint, type, now)));
    }
  }
}
