package millrace.gateway.merchant;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.protocol.type.Address;
import millrace.protocol.type.MerchantId;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// The merchants of this hub.
@Service
public class Merchants {
  private final MerchantRepository merchants;
  private final ApiKeys keys;
  private final PayoutSchedules schedules;
  private final Ids ids;
  private final Clock clock;
  private final AuditLog audit;

  Merchants(
      MerchantRepository merchants,
      ApiKeys keys,
      PayoutSchedules schedules,
      Ids ids,
      Clock clock,
      AuditLog audit) {
    this.merchants = merchants;
    this.keys = keys;
    this.schedules = schedules;
    this.ids = ids;
    this.clock = clock;
    this.audit = audit;
  }

  /// Where the merchant is paid.
  @Transactional(readOnly = true)
  public Address payee(MerchantId id) {
    return merchants.findById(id.value()).orElseThrow().payoutAddress();
  }

  /// Who is paid at each of these addresses, usually one.
  @Transactional(readOnly = true)
  public Map<Address, List<MerchantId>> paidAt(Collection<Address> payees) {
    return merchants.findByPayoutAddressIn(payees.stream().map(Address::toString).toList()).stream()
        .collect(
            Collectors.groupingBy(
                Merchant::payoutAddress, Collectors.mapping(Merchant::id, Collectors.toList())));
  }

  @Transactional
  Founded found(
      String name, Address payoutAddress, Map<String, String> metadata, PayoutSchedule schedule) {
    var id = new MerchantId(ids.next("mer_"));
    var merchant = merchants.save(new Merchant(id, name, payoutAddress, metadata, clock.instant()));
    merchants.flush();
    audit.note(id, id.value());
    if (!(schedule instanceof PayoutSchedule.Manual)) schedules.set(id, schedule);
    return new Founded(merchant, keys.issue(id, KeyOrder.secret("first key")));
  }

  /// The merchant of this id, if there is one.
  @Transactional(readOnly = true)
  public Optional<MerchantId> known(String id) {
    return find(id).map(Merchant::id);
  }

  @Transactional(readOnly = true)
  Optional<Merchant> find(String id) {
    return merchants.findById(id);
  }

  @Transactional(readOnly = true)
  List<Merchant> list(Optional<Address> payee, Period period, PageRequest page) {
    return merchants.list(
        payee.map(Address::toString).orElse(""),
        period.fromTime().toInstant(),
        period.toTime().toInstant(),
        page.before(),
        Limit.of(page.limitAndOne()));
  }

  /// The same for other features, which need no more of a merchant.
  @Transactional(readOnly = true)
  public List<Paid> paid(Optional<Address> payee, PageRequest page) {
    return list(payee, Period.ALL, page).stream()
        .map(merchant -> new Paid(merchant.id(), merchant.name(), merchant.payoutAddress()))
        .toList();
  }

  /// A merchant and where it is paid.
  public record Paid(MerchantId id, String name, Address payee) {}

  record Founded(Merchant merchant, ApiKeys.Issued key) {}
}
