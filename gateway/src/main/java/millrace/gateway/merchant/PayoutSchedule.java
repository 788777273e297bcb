package millrace.gateway.merchant;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import millrace.protocol.type.Amount;

/// When a merchant's balance is paid out without its asking.
public sealed interface PayoutSchedule {
  /// Only when asked.
  record Manual() implements PayoutSchedule {}

  /// Whenever the balance has reached so many base units.
  record Threshold(Amount amount) implements PayoutSchedule {}

  /// Once in a while, all that there is.
  record Regular(Interval interval) implements PayoutSchedule {}

  /// All begin at midnight UTC, for all merchants at once: then they share transactions.
  enum Interval {
    DAILY,
    /// On Mondays.
    WEEKLY,
    /// On the first of the month.
    MONTHLY;

    /// The first beginning after that time.
    public Instant next(Instant after) {
      var today = LocalDate.ofInstant(after, ZoneOffset.UTC);
      var day =
          switch (this) {
            case DAILY -> today.plusDays(1);
            case WEEKLY -> today.with(TemporalAdjusters.next(DayOfWeek.MONDAY));
            case MONTHLY -> today.with(TemporalAdjusters.firstDayOfNextMonth());
          };
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
  }
}
