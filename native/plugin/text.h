// What is done to text before a rule or a person sees it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arena.h"

namespace mcp_audit {

// `text` is UTF-8 and has `length` bytes and a NUL behind them. Returns it as it is, or a copy in
// `arena` with escapes in the place of characters that change what a reader sees. Without
// `sanitize` only NUL is escaped, which would end the text for a C host.
const char* VisibleText(const char* text, size_t length, bool sanitize, Arena* arena);

// An address without a zone as 4 or 16 bytes in network order; 0 when it is none.
uint32_t ParseAddress(const char* text, size_t length, unsigned char address[16]);

}  // namespace mcp_audit
