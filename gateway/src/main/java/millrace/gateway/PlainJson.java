package millrace.gateway;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/// Whoever says that it takes problems takes JSON. What is no problem is not to be called one.
final class PlainJson extends HeaderContentNegotiationStrategy {
  @Override
  public List<MediaType> resolveMediaTypes(NativeWebRequest request)
      throws HttpMediaTypeNotAcceptableException {
    return super.resolveMediaTypes(request).stream().map(PlainJson::plain).toList();
  }

  private static MediaType plain(MediaType accepted) {
    return accepted.equalsTypeAndSubtype(MediaType.APPLICATION_PROBLEM_JSON)
        ? new MediaType(MediaType.APPLICATION_JSON, accepted.getParameters())
        : accepted;
  }
}
