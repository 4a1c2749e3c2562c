// Any payload as an event that no capture made: it is read without a fault, and by the plugin's own
// reader as by the JSON library.
#include <algorithm>

#include "../../../../native/plugin/event.h"
#include "all_fields.h"

namespace {

using mcp_audit::kPayloadOffset;

// In memory of exactly its size, so that a sanitizer sees each byte beyond it.
std::vector<char> EventOf(const std::string& payload) {
  std::vector<char> bytes(kPayloadOffset + payload.size());
  mcp_audit::WriteEventHeader(bytes.data(), 1, payload.size());
  std::copy(payload.begin(), payload.end(), bytes.begin() + kPayloadOffset);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const AllFields all;
  static State plain(all.library(), "{\"sanitize\":false}");
  static State sanitized(all.library(), "");
  const std::string payload(reinterpret_cast<const char*>(data), size);
  const std::vector<char> bytes = EventOf(payload);
  const auto* const event = reinterpret_cast<const falco_event*>(bytes.data());
  const std::string fields = all.Of(&sanitized, event);
  if (all.Of(&sanitized, event) != fields) abort();
  all.TextBytes(&plain, event);
  all.TextBytes(&sanitized, event);
  // A space behind it changes nothing in JSON, and is nothing that the plugin's own reader takes.
  const std::vector<char> spaced = EventOf(payload + " ");
  if (all.Of(&sanitized, reinterpret_cast<const falco_event*>(spaced.data())) != fields) abort();
  // The event itself may be anything too.
  if (size >= sizeof(falco_event) + 12) {
    std::vector<char> any(data, data + size);
    auto* const header = reinterpret_cast<falco_event*>(any.data());
    header->len = static_cast<uint32_t>(std::min<size_t>(header->len, size));
    all.Of(&sanitized, header);
  }
  return 0;
}
