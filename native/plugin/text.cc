#include "text.h"

#include <arpa/inet.h>

#include <cstring>

#include "escaped_characters.gen.h"

namespace mcp_audit {
namespace {

// The longest escape, "\u{10ffff}", for a character of four bytes; "\x1b" for one of one byte.
constexpr size_t kGrowth = 4;
constexpr uint64_t kOnes = 0x0101010101010101ull;
constexpr uint64_t kHighBits = 0x8080808080808080ull;

bool IsEscaped(uint32_t point) {
  size_t low = 0;
  size_t high = sizeof(kEscapedRanges) / sizeof(kEscapedRanges[0]);
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (point > kEscapedRanges[middle].last) low = middle + 1;
    else high = middle;
  }
  return low < sizeof(kEscapedRanges) / sizeof(kEscapedRanges[0]) && point >= kEscapedRanges[low].first;
}

// Whether all bytes are from ' ' to '~'.
bool IsPlain(const char* text, size_t length) {
  size_t at = 0;
  uint64_t found = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word;
    memcpy(&word, text + at, 8);
    const uint64_t deletes = word ^ (kOnes * 0x7f);
    found |= word | (word - kOnes * 0x20) | (deletes - kOnes);
  }
  if (found & kHighBits) return false;
  for (; at < length; at++) {
    if (text[at] < ' ' || text[at] > '~') return false;
  }
  return true;
}

// The character at `at` of valid UTF-8; its length in bytes goes to `bytes`.
uint32_t CodePointAt(const unsigned char* at, size_t* bytes) {
  const uint32_t lead = at[0];
  if (lead < 0x80) return *bytes = 1, lead;
  if (lead < 0xe0) return *bytes = 2, (lead & 0x1f) << 6 | (at[1] & 0x3fu);
  if (lead < 0xf0) return *bytes = 3, (lead & 0xf) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
  *bytes = 4;
  return (lead & 7) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu);
}

char* WriteHex(char* to, uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[value >> shift & 0xf];
  return to;
}

char* WriteEscape(char* to, uint32_t point) {
  *to++ = '\\';
  if (point == '\n') return *to++ = 'n', to;
  if (point == '\r') return *to++ = 'r', to;
  if (point == '\t') return *to++ = 't', to;
  if (point <= 0xff) return *to++ = 'x', WriteHex(to, point, 2);
  *to++ = 'u';
  if (point <= 0xffff) return WriteHex(to, point, 4);
  *to++ = '{';
  to = WriteHex(to, point, point > 0xfffff ? 6 : 5);
  *to++ = '}';
  return to;
}

const char* EscapedCopy(const char* text, size_t length, bool sanitize, Arena* arena) {
  char* const copy = arena->Take<char>(length * kGrowth + 1);
  char* to = copy;
  const auto* at = reinterpret_cast<const unsigned char*>(text);
  const unsigned char* const end = at + length;
  while (at < end) {
    size_t bytes;
    const uint32_t point = CodePointAt(at, &bytes);
    if (point == 0 || (sanitize && IsEscaped(point))) {
      to = WriteEscape(to, point);
    } else {
      memcpy(to, at, bytes);
      to += bytes;
    }
    at += bytes;
  }
  *to = '\0';
  return copy;
}

bool HasEscaped(const char* text, size_t length) {
  const auto* at = reinterpret_cast<const unsigned char*>(text);
  const unsigned char* const end = at + length;
  while (at < end) {
    size_t bytes;
    if (IsEscaped(CodePointAt(at, &bytes))) return true;
    at += bytes;
  }
  return false;
}

}  // namespace

const char* VisibleText(const char* text, size_t length, bool sanitize, Arena* arena) {
  if (IsPlain(text, length)) return text;
  const bool has = sanitize ? HasEscaped(text, length) : memchr(text, 0, length) != nullptr;
  return has ? EscapedCopy(text, length, sanitize, arena) : text;
}

uint32_t ParseAddress(const char* text, size_t length, unsigned char address[16]) {
  // inet_pton reads up to the NUL, which may stand inside the text.
  if (length >= INET6_ADDRSTRLEN || memchr(text, 0, length) != nullptr) return 0;
  if (inet_pton(AF_INET, text, address) == 1) return 4;
  if (inet_pton(AF_INET6, text, address) == 1) return 16;
  return 0;
}

}  // namespace mcp_audit
