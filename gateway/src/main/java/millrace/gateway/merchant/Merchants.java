package millrace.gateway.merchant;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
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

  Merchants(
      MerchantRepository merchants, ApiKeys keys, PayoutSchedules schedules, Ids ids, Clock clock) {
    this.merchants = merchants;
    this.keys = keys;
    this.schedules = schedules;
    this.ids = ids;
    this.clock = clock;
  }

  /// Where the merchant is paid.
  @Transactional(readOnly = true)
  public Address payee(MerchantId id) {
    return merchants.findById(id.value()).orElseThrow().payoutAddress();
  }

  @Transactional
  Founded found(
      String name, Address payoutAddress, Map<String, String> metadata, PayoutSchedule schedule) {
    var id = new MerchantId(ids.next("mer_"));
    var merchant = merchants.save(new Merchant(id, name, payoutAddress, metadata, clock.instant()));
    merchants.flush();
    if (!(schedule instanceof PayoutSchedule.Manual)) schedules.set(id, schedule);
    return new Founded(merchant, keys.issue(id, "first key", EnumSet.allOf(Scope.class)));
  }

  @Transactional(readOnly = true)
  Optional<Merchant> find(String id) {
    return merchants.findById(id);
  }

  @Transactional(readOnly = true)
  List<Merchant> list(PageRequest page) {
    return merchants.findByIdLessThanOrderByIdDesc(page.before(), Limit.of(page.limitAndOne()));
  }

  record Founded(Merchant merchant, ApiKeys.Issued key) {}
}
