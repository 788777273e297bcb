package millrace.watchtower.merchant;

/// What a person should look at, though the tower goes on by itself.
enum Alarm {
  /// No node answers.
  NO_NODE,
  /// A node does not answer, or sees something else than the others.
  NODES_DISAGREE,
  /// The newest block that any node has is old by the clock of this machine.
  OLD_HEAD,
  /// The hub has not been heard of for as long as it may be silent.
  HUB_SILENT,
  /// The hub sent a promise that this vault would not pay, or one that is lower than before.
  BAD_PROMISE,
  /// The vault honours none of the keys that signed.
  NO_KEY,
  /// The vault does not know one of the keys that signed.
  UNKNOWN_KEY,
  /// The vault was never told of the payee.
  UNKNOWN_PAYEE,
  /// The vault has nothing free, though it owes.
  EMPTY_VAULT,
  /// The tower's account cannot pay for what is to be sent.
  OUT_OF_GAS,
  /// A transaction offers all that it may and is not mined.
  AT_FEE_CAP,
  /// The chain refuses what the tower wants to send.
  REFUSED
}
