package millrace.gateway.tenancy;

import java.util.Optional;
import java.util.function.Supplier;
import millrace.protocol.type.MerchantId;

/// Whose rows the work of this thread may see. A request sees nobody's until its key has said whose
/// it is; threads that serve no request work for the gateway itself and see all.
public final class Tenancy {
  private static final ThreadLocal<Tenancy> CURRENT = new ThreadLocal<>();
  private static final Tenancy SERVICE = new Tenancy(Optional.empty(), true);
  private static final Tenancy NOBODY = new Tenancy(Optional.empty(), false);

  private final Optional<MerchantId> merchant;
  private final boolean everything;

  private Tenancy(Optional<MerchantId> merchant, boolean everything) {
    this.merchant = merchant;
    this.everything = everything;
  }

  static Tenancy current() {
    return Optional.ofNullable(CURRENT.get()).orElse(SERVICE);
  }

  /// Empty for the gateway itself, the operator, and whoever has not said who they are.
  public static Optional<MerchantId> merchantOfThread() {
    return current().merchant;
  }

  /// A request has come, from nobody knows whom.
  static void begin() {
    CURRENT.set(NOBODY);
  }

  static void end() {
    CURRENT.remove();
  }

  /// From here on the request is that merchant's.
  public static void actFor(MerchantId merchant) {
    CURRENT.set(new Tenancy(Optional.of(merchant), false));
  }

  /// From here on the request is the operator's.
  public static void actForOperator() {
    CURRENT.set(SERVICE);
  }

  /// Work that a request needs done and that is not the caller's: finding out who they are, keeping
  /// what all requests share.
  public static <T> T asService(Supplier<T> work) {
    var before = Optional.ofNullable(CURRENT.get());
    CURRENT.set(SERVICE);
    try {
      return work.get();
    } finally {
      before.ifPresentOrElse(CURRENT::set, CURRENT::remove);
    }
  }

  boolean seesEverything() {
    return everything;
  }

  /// As the policies of the tables compare it; empty for nobody.
  String setting() {
    return merchant.map(MerchantId::value).orElse("");
  }
}
