package millrace.watchtower.merchant;

import millrace.chain.rpc.Fees;

/// The transaction that went out last. All that matters of it is its nonce, which it keeps until
/// some version of it is mined, and what it offered.
///
/// @param block the head when it was offered
record Attempt(long nonce, Fees fees, long block) {}
