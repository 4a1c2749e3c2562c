// A JSON number's text as a 64-bit integer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mcp_audit {

// `text` is a whole JSON number. False when it is below 0 or above 2^64 - 1; a fraction is dropped.
bool ParseUint64(const char* text, size_t length, uint64_t* value);

}  // namespace mcp_audit
