package millrace.gateway.metadata;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The merchant's own notes, as a JSON object.
@Converter
public class MetadataColumn implements AttributeConverter<Map<String, String>, String> {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  public String convertToDatabaseColumn(Map<String, String> metadata) {
    return JSON.writeValueAsString(new TreeMap<>(metadata));
  }

  @Override
  public Map<String, String> convertToEntityAttribute(String json) {
    return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
  }
}
