package millrace.protocol.x402;

import tools.jackson.databind.node.ObjectNode;

/// What is for sale.
///
/// @param description for a human; empty when there is none
/// @param mimeType of what is delivered; empty when unknown
public record Resource(String url, String description, String mimeType) {
  static Resource read(Fields fields) {
    return new Resource(
        fields.text("url"),
        fields.optionalText("description").orElse(""),
        fields.optionalText("mimeType").orElse(""));
  }

  ObjectNode write() {
    var node = Json.object().put("url", url);
    if (!description.isEmpty()) node.put("description", description);
    if (!mimeType.isEmpty()) node.put("mimeType", mimeType);
    return node;
  }
}
