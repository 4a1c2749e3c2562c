#include "number.h"

namespace mcp_audit {
namespace {

constexpr uint64_t kMax = UINT64_MAX;
// Every 19-digit number fits.
constexpr size_t kSafeDigits = 19;
// An exponent of this size says the same as any larger one: lines are much shorter.
constexpr int64_t kExponentBound = int64_t{1} << 40;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

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
  for (size_t i = 0; i < length; i++) {
    if (!IsDigit(text[i])) return ParseDecimal(text, length, value);
    result = result * 10 + static_cast<uint64_t>(text[i] - '0');
  }
  *value = result;
  return true;
}

}  // namespace mcp_audit
