#include "plain_reader.h"

#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace mcp_audit {
namespace {

static_assert(kKeyReadBytes <= PlainReader::kPadding, "padding");

// Longer lists are left to the JSON library.
constexpr size_t kMaxElements = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The first byte from `at` on that is a quote, a backslash, or not printable ASCII (but DEL). The line's
// end is a byte of that kind: there is always one.
char* EndOfPlain(char* at) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(' ');
  while (true) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    // Signed: bytes from 0x80 on are below a space too.
    const __m128i found = _mm_or_si128(special, _mm_cmplt_epi8(bytes, space));
    const int mask = _mm_movemask_epi8(found);
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
    at += 16;
  }
#else
  while (true) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte == '"' || byte == '\\' || byte < ' ' || byte >= 0x80) return at;
    at++;
  }
#endif
}

char* SkipDigits(char* at) {
  while (IsDigit(*at)) at++;
  return at;
}

// Behind the number at `at`, or null when there is none.
char* EndOfNumber(char* at) {
  if (*at == '-') at++;
  if (!IsDigit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : SkipDigits(at);
  if (*at == '.') {
    if (!IsDigit(at[1])) return nullptr;
    at = SkipDigits(at + 1);
  }
  if (*at == 'e' || *at == 'E') {
    at++;
    if (*at == '+' || *at == '-') at++;
    if (!IsDigit(*at)) return nullptr;
    at = SkipDigits(at);
  }
  return at;
}

bool Takes(FieldType type, Value::State state) {
  switch (type) {
    case FieldType::kString:
    case FieldType::kIpaddr:
      return state == Value::kText;
    case FieldType::kUint64:
    case FieldType::kAbstime:
      return state == Value::kNumber;
    case FieldType::kBool:
      return state == Value::kTrue || state == Value::kFalse;
  }
  return false;
}

// Behind the text, number, boolean or null at `at`; null when it is something else.
char* ReadScalar(char* at, Value* value) {
  switch (*at) {
    case '"': {
      char* const end = EndOfPlain(at + 1);
      if (*end != '"') return nullptr;
      value->text = at + 1;
      value->length = static_cast<uint32_t>(end - at - 1);
      value->state = Value::kText;
      return end + 1;
    }
    case 't':
      value->state = Value::kTrue;
      return memcmp(at, "true", 4) == 0 ? at + 4 : nullptr;
    case 'f':
      value->state = Value::kFalse;
      return memcmp(at, "false", 5) == 0 ? at + 5 : nullptr;
    case 'n':
      value->state = Value::kNone;
      return memcmp(at, "null", 4) == 0 ? at + 4 : nullptr;
    default: {
      char* const end = EndOfNumber(at);
      if (end == nullptr) return nullptr;
      value->text = at;
      value->length = static_cast<uint32_t>(end - at);
      value->state = Value::kNumber;
      return end;
    }
  }
}

// Behind the list at `at`, whose elements of `type` go to `value`; null when it is of another form.
char* ReadList(char* at, FieldType type, Arena* arena, Value* value) {
  Value elements[kMaxElements];
  uint32_t count = 0;
  at++;
  if (*at == ']') {
    value->state = Value::kNone;
    return at + 1;
  }
  for (size_t i = 0; i < kMaxElements; i++) {
    at = ReadScalar(at, &elements[count]);
    if (at == nullptr) return nullptr;
    if (Takes(type, elements[count].state)) count++;
    if (*at == ']') {
      value->state = count > 0 ? Value::kList : Value::kNone;
      value->length = count;
      value->elements = arena->Take<Value>(count);
      std::copy_n(elements, count, value->elements);
      return at + 1;
    }
    if (*at++ != ',') return nullptr;
  }
  return nullptr;
}

}  // namespace

PlainReader::PlainReader() {
  for (uint32_t field = 0; field < kFieldCount; field++) {
    KeyPattern& pattern = patterns_[field];
    const uint32_t length = kFields[field].name_bytes;
    pattern = {};
    memcpy(pattern.text, kFields[field].name, length);
    pattern.text[length] = '"';
    pattern.text[length + 1] = ':';
    pattern.bytes = length + 2;
    pattern.mask = ~uint32_t{0} >> (32 - pattern.bytes);
  }
  // Any field will do: what comes is learned.
  std::fill(std::begin(next_), std::end(next_), uint8_t{0});
}

bool PlainReader::Matches(uint8_t field, const char* key) const {
  const KeyPattern& pattern = patterns_[field];
#ifdef __SSE2__
  const auto load = [](const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  const auto equal = [&load](const char* a, const char* b) {
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(load(a), load(b))));
  };
  const uint32_t same = equal(key, pattern.text) | equal(key + 16, pattern.text + 16) << 16;
  return (same & pattern.mask) == pattern.mask;
#else
  return memcmp(key, pattern.text, pattern.bytes) == 0;
#endif
}

// From behind a key's first quote to behind its colon; `at` is null when that is not what is there.
uint8_t PlainReader::ReadKey(char** at, uint8_t previous) {
  const uint8_t expected = next_[previous];
  if (Matches(expected, *at)) {
    *at += patterns_[expected].bytes;
    return expected;
  }
  char* const end = EndOfPlain(*at);
  if (end[0] != '"' || end[1] != ':') {
    *at = nullptr;
    return kNoField;
  }
  const uint8_t field = FieldOf(*at, static_cast<size_t>(end - *at));
  if (field != kNoField) next_[previous] = field;
  *at = end + 2;
  return field;
}

bool PlainReader::Read(char* line, size_t length, Arena* arena, Record* record) {
  if (length < 2 || line[0] != '{' || line[length - 1] != '}') return false;
  // Nothing below reads on behind a byte that it does not know, and what is behind a line is none: the end is
  // compared once.
  const char* const end = line + length;
  record->Begin(values_);
  uint8_t previous = kFieldCount;
  char* at = line + 1;
  while (*at == '"') {
    at++;
    const uint8_t field = ReadKey(&at, previous);
    if (at == nullptr) return false;
    Value ignored;
    Value* const value = field == kNoField ? &ignored : record->Slot(field);
    if (*at == '[') {
      at = ReadList(at, field == kNoField ? FieldType::kString : kFields[field].type, arena, value);
      if (field != kNoField && !kFields[field].is_list) value->state = Value::kNone;
    } else {
      at = ReadScalar(at, value);
      if (field != kNoField && (kFields[field].is_list || !Takes(kFields[field].type, value->state)))
        value->state = Value::kNone;
    }
    if (at == nullptr) return false;
    if (field != kNoField) previous = field;
    if (*at == '}') {
      if (at + 1 != end) return false;
      record->MoveTo(arena->Take<Value>(record->used()));
      return true;
    }
    if (*at++ != ',') return false;
  }
  return false;
}

}  // namespace mcp_audit
