package millrace.cli;

import tools.jackson.databind.JsonNode;

/// What became of a request to the hub.
sealed interface Answer {
  record Done(int status, JsonNode body) implements Answer {}

  /// The hub has decided; asking again changes nothing.
  ///
  /// @param problem as RFC 9457 has it
  record Refused(int status, JsonNode problem) implements Answer {}

  /// Perhaps it was done, perhaps not.
  record Unknown(String why) implements Answer {}
}
