package millrace.chain.rpc;

import java.util.Optional;
import millrace.protocol.type.Address;

/// A call that changes nothing, as if `from` had sent it.
public record Call(Optional<Address> from, Address to, Bytes data) {
  public Call(Address to, Bytes data) {
    this(Optional.empty(), to, data);
  }

  public static Call from(Address sender, Address to, Bytes data) {
    return new Call(Optional.of(sender), to, data);
  }
}
