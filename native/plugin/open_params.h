// What the open parameters ask for: "PLACE" or "PLACE?option=value&option=value".
#pragma once

#include <stdexcept>
#include <string>

namespace mcp_audit {

// The text is for people; it names what is wrong, and the way out.
class OpenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct OpenParams {
  enum class Kind { kPath, kSocket, kStdin };
  Kind kind;
  std::string path;
  bool follow = false;
  // Only what is written after the opening counts.
  bool from_end = false;
};

// Throws OpenError.
OpenParams ParseOpenParams(const char* text);

// For list_open_params: a JSON array.
extern const char* const kOpenParamsList;

}  // namespace mcp_audit
