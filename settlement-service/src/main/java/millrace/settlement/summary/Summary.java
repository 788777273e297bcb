package millrace.settlement.summary;

import java.util.Map;

/// What was done so far, as `GET /internal/settlement` tells it.
///
/// @param gasUsed by all transactions of this service that are final
/// @param gasByPurpose the same by what it was spent on
record Summary(
    long claimTransactions,
    long rowsClaimed,
    long depositsRelayed,
    long depositsConfirmed,
    long refundsConfirmed,
    long creditTransactions,
    long payoutsPaid,
    long payoutsWaiting,
    long transactionsPending,
    long gasUsed,
    Map<String, Long> gasByPurpose,
    long head,
    long finalBlock) {}
