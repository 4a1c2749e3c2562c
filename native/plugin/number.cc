#include "number.h"

#include <endian.h>

#include <cstring>

namespace mcp_audit {
namespace {

constexpr uint64_t kMax = UINT64_MAX;
// Every 19-digit number fits.
constexpr size_t kSafeDigits = 19;
// An exponent of this size says the same as any larger one: lines are much shorter.
constexpr int64_t kExponentBound = int64_t{1} << 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Eight digits at once: pairs, then fours, then all. False where one is none.
bool ParseEight(const char* text, uint64_t* value) {
  uint64_t word;
  memcpy(&word, text, 8);
  word = le64toh(word);
  // The high half of a digit's byte is 3, also when 6 is added.
  constexpr uint64_t kHighHalves = 0xf0f0f0f0f0f0f0f0ull;
  constexpr uint64_t kThrees = 0x3030303030303030ull;
  if ((word & kHighHalves) != kThrees || ((word + 0x0606060606060606ull) & kHighHalves) != kThrees) return false;
  word = (word & 0x0f0f0f0f0f0f0f0full) * 2561 >> 8;
  word = (word & 0x00ff00ff00ff00ffull) * 6553601 >> 16;
  *value = (word & 0x0000ffff0000ffffull) * 42949672960001ull >> 32;
  return true;
}

int64_t ParseExponent(const char* at, const char* end) {
  const bool negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  int64_t exponent = 0;
  for (; at < end; at++) {
    if (exponent < kExponentBound) exponent = exponent * 10 + (*at - '0');
  }
  return negative ? -exponent : exponent;
}

// The decimal digits of mantissa and exponent, without going through a double: all digits count.
bool ParseDecimal(const char* text, size_t length, uint64_t* value) {
  const char* const end = text + length;
  const bool negative = *text == '-';
  const char* const digits = negative ? text + 1 : text;
  const char* at = digits;
  while (at < end && IsDigit(*at)) at++;
  int64_t integer_digits = at - digits;
  if (at < end && *at == '.') {
    at++;
    while (at < end && IsDigit(*at)) at++;
  }
  const char* const mantissa_end = at;
  if (at < end) integer_digits += ParseExponent(at + 1, end);

  uint64_t result = 0;
  bool any = false;
  bool overflow = false;
  int64_t position = 0;
  for (at = digits; at < mantissa_end; at++) {
    if (*at == '.') continue;
    const uint64_t digit = static_cast<uint64_t>(*at - '0');
    any = any || digit != 0;
    if (position < integer_digits) {
      if (result > (kMax - digit) / 10) overflow = true;
      else result = result * 10 + digit;
    } else if (digit != 0 && result == kMax) {
      overflow = true;
    }
    position++;
  }
  if (negative && any) return false;
  for (; result != 0 && position < integer_digits; position++) {
    if (result > kMax / 10) overflow = true;
    if (overflow) return false;
    result *= 10;
  }
  if (overflow) return false;
  *value = result;
  return true;
}

}  // namespace

bool ParseUint64(const char* text, size_t length, uint64_t* value) {
  if (length > kSafeDigits) return ParseDecimal(text, length, value);
  uint64_t result = 0;
  size_t at = 0;
  for (uint64_t eight; at + 8 <= length && ParseEight(text + at, &eight); at += 8) result = result * 100'000'000 + eight;
  for (; at < length; at++) {
    if (!IsDigit(text[at])) return ParseDecimal(text, length, value);
    result = result * 10 + static_cast<uint64_t>(text[at] - '0');
  }
  *value = result;
  return true;
}

}  // namespace mcp_audit
