package millrace.gateway.route;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.MerchantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/// All routes, in memory: whoever asks for a price costs no query. Changes made here count at once,
/// those made through another gateway within the poll interval. When the database is away the
/// routes that are known go on.
@Service
public class Routes implements SmartInitializingSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final int MAX_ROUTES = 1_000;

  private final RouteRepository rows;
  private final TransactionTemplate transaction;
  private final Ids ids;
  private final Clock clock;
  private final AuditLog audit;
  private volatile Map<RouteId, Route> known = Map.of();

  Routes(
      RouteRepository rows, TransactionTemplate transaction, Ids ids, Clock clock, AuditLog audit) {
    this.rows = rows;
    this.transaction = transaction;
    this.ids = ids;
    this.clock = clock;
    this.audit = audit;
  }

  public Optional<Route> find(RouteId id) {
    return Optional.ofNullable(known.get(id));
  }

  /// As PostgreSQL keeps it, so that an answer and a later one agree.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  RouteId newId() {
    return new RouteId(ids.next("rt_"));
  }

  /// Is sold once [#changed()] was called, which must be after the transaction.
  Route add(Function<Instant, Route> route) {
    return Objects.requireNonNull(
        transaction.execute(
            _ -> {
              var fresh = route.apply(now());
              if (rows.countByMerchantIdAndDeletedAtIsNull(fresh.merchant().value())
                  >= MAX_ROUTES) {
                throw Problem.of(ProblemCode.LIMIT_REACHED, "At most " + MAX_ROUTES + " routes.")
                    .asException();
              }
              rows.save(new RouteRow(fresh));
              audit.note(fresh.id().value());
              return fresh;
            }));
  }

  Optional<Route> find(MerchantId merchant, String id) {
    return rows.findByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value()).map(RouteRow::route);
  }

  /// @param method those that sell it; all when empty
  List<Route> list(MerchantId merchant, Optional<String> method, Period period, PageRequest page) {
    return rows
        .list(
            merchant.value(),
            method.orElse(""),
            period.fromTime().toInstant(),
            period.toTime().toInstant(),
            page.before(),
            Limit.of(page.limitAndOne()))
        .stream()
        .map(RouteRow::route)
        .toList();
  }

  /// Empty when the merchant has no such route. Counts once [#changed()] was called, as above.
  Optional<Route> change(MerchantId merchant, String id, BiFunction<Route, Instant, Route> change) {
    return Objects.requireNonNull(
        transaction.execute(
            _ ->
                rows.findByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value())
                    .map(
                        row -> {
                          row.become(change.apply(row.route(), now()));
                          audit.note(id);
                          return row.route();
                        })));
  }

  /// False when the merchant has no such route.
  boolean remove(MerchantId merchant, String id) {
    var removed =
        transaction.execute(
            _ ->
                rows.findByIdAndMerchantIdAndDeletedAtIsNull(id, merchant.value())
                    .map(
                        row -> {
                          row.deletedAt(clock.instant());
                          audit.note(id);
                          return true;
                        })
                    .orElse(false));
    changed();
    return Boolean.TRUE.equals(removed);
  }

  @Override
  public void afterSingletonsInstantiated() {
    refresh();
  }

  @Scheduled(fixedDelayString = "${millrace.gateway.route-refresh:1s}")
  void poll() {
    try {
      refresh();
    } catch (DataAccessException | TransactionException away) {
      LOG.warn("routes are not refreshed: {}", away.toString());
    }
  }

  /// Sells what was added and no more what was removed, from now on. For everybody, whoever asked.
  void changed() {
    Tenancy.asService(
        () -> {
          refresh();
          return true;
        });
  }

  /// One at a time, so that an older look cannot overwrite a newer one.
  private synchronized void refresh() {
    known =
        rows.findByDeletedAtIsNull().stream()
            .map(RouteRow::route)
            .collect(
                Collectors.toMap(
                    Route::id, Function.identity(), (a, _) -> a, ConcurrentHashMap::new));
  }
}
