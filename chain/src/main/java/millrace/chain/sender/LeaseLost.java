package millrace.chain.sender;

import millrace.protocol.type.Address;

/// Another process sends for the account now.
final class LeaseLost extends RuntimeException {
  LeaseLost(Address account) {
    super("another process sends for " + account);
  }
}
