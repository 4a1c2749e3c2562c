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

// The first byte from `at` on that is a quote, a backslash, or not printable ASCII. A line's end is a byte of
// that kind, as is the padding: there is always one.
inline __attribute__((always_inline)) char* EndOfPlain(char* at) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(' ');
  const __m128i tilde = _mm_set1_epi8('~');
  while (true) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    // Signed: bytes from 0x80 on are below a space too.
    const __m128i other = _mm_or_si128(_mm_cmplt_epi8(bytes, space), _mm_cmpgt_epi8(bytes, tilde));
    const int mask = _mm_movemask_epi8(_mm_or_si128(special, other));
    if (mask != 0) return at + __builtin_ctz(static_cast<unsigned>(mask));
    at += 16;
  }
#else
  while (true) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte == '"' || byte == '\\' || byte < ' ' || byte > '~') return at;
    at++;
  }
#endif
}

inline char* SkipDigits(char* at) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
  const int others = _mm_movemask_epi8(digits) ^ 0xffff;
  if (others != 0) return at + __builtin_ctz(static_cast<unsigned>(others));
  at += 16;
#endif
  while (IsDigit(*at)) at++;
  return at;
}

// Behind the number at `at`, or null when there is none.
inline char* EndOfNumber(char* at) {
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

constexpr uint8_t Bit(Value::State state) { return static_cast<uint8_t>(1 << state); }

uint8_t StatesOf(FieldType type) {
  switch (type) {
    case FieldType::kString:
    case FieldType::kIpaddr:
      return Bit(Value::kPlain);
    case FieldType::kUint64:
    case FieldType::kAbstime:
      return Bit(Value::kNumber);
    case FieldType::kBool:
      return Bit(Value::kTrue) | Bit(Value::kFalse);
  }
  return 0;
}

// Behind the boolean or null at `at`; null when it is something else.
char* ReadWord(char* at, Value* value) {
  if (memcmp(at, "true", 4) == 0) {
    value->state = Value::kTrue;
    return at + 4;
  }
  if (memcmp(at, "false", 5) == 0) {
    value->state = Value::kFalse;
    return at + 5;
  }
  value->state = Value::kNone;
  return memcmp(at, "null", 4) == 0 ? at + 4 : nullptr;
}

// Behind the text, number, boolean or null at `at`; null when it is something else.
inline __attribute__((always_inline)) char* ReadScalar(char* at, Value* value) {
  char* const begin = *at == '"' ? at + 1 : at;
  char* end;
  if (begin != at) {
    end = EndOfPlain(begin);
    if (*end != '"') return nullptr;
    value->state = Value::kPlain;
    at = end + 1;
  } else if (IsDigit(*at) || *at == '-') {
    end = EndOfNumber(at);
    if (end == nullptr) return nullptr;
    value->state = Value::kNumber;
    at = end;
  } else {
    return ReadWord(at, value);
  }
  value->text = begin;
  value->length = static_cast<uint32_t>(end - begin);
  return at;
}

// Behind the list at `at`, whose elements of states in `takes` go to `value`; null when it is of another form.
char* ReadList(char* at, uint8_t takes, Arena* arena, Value* value) {
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
    if (takes & Bit(elements[count].state)) count++;
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
  memset(rows_, 0, sizeof rows_);
  for (uint32_t field = 0; field < kFieldCount; field++) {
    Row& row = rows_[field];
    const uint32_t length = kFields[field].name_bytes;
    memcpy(row.text, kFields[field].name, length);
    row.text[length] = '"';
    row.text[length + 1] = ':';
    row.bytes = static_cast<uint8_t>(length + 2);
    row.mask = ~uint32_t{0} >> (32 - row.bytes);
    const uint8_t states = StatesOf(kFields[field].type);
    row.takes = kFields[field].is_list ? Bit(Value::kList) : states;
    row.takes_elements = kFields[field].is_list ? states : 0;
  }
  // Any field will do: what comes is learned.
  std::fill(std::begin(next_), std::end(next_), uint8_t{0});
}

inline bool PlainReader::Matches(const Row& row, const char* key) {
#ifdef __SSE2__
  const auto load = [](const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  const auto equal = [&load](const char* a, const char* b) {
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(load(a), load(b))));
  };
  const uint32_t same = equal(key, row.text) | equal(key + 16, row.text + 16) << 16;
  return (same & row.mask) == row.mask;
#else
  return memcmp(key, row.text, row.bytes) == 0;
#endif
}

// From behind a key's first quote to behind its colon; `at` is null when that is not what is there.
// kFieldCount for a key that is no field.
inline uint8_t PlainReader::ReadKey(char** at, uint8_t previous) {
  const uint8_t expected = next_[previous];
  if (Matches(rows_[expected], *at)) {
    *at += rows_[expected].bytes;
    return expected;
  }
  char* const end = EndOfPlain(*at);
  if (end[0] != '"' || end[1] != ':') {
    *at = nullptr;
    return kFieldCount;
  }
  const uint8_t field = FieldOf(*at, static_cast<size_t>(end - *at));
  *at = end + 2;
  if (field == kNoField) return kFieldCount;
  next_[previous] = field;
  return field;
}

bool PlainReader::Read(char* line, size_t length, Arena* arena, Record* record) {
  if (length < 2 || line[0] != '{' || line[length - 1] != '}') return false;
  // The end is compared once: whatever is behind a line, what is read on beyond its end does not end there.
  const char* const end = line + length;
  Record::Builder builder(record, values_);
  uint8_t previous = kFieldCount;
  char* at = line + 1;
  while (*at++ == '"') {
    const uint8_t field = ReadKey(&at, previous);
    if (at == nullptr) return false;
    const Row& row = rows_[field];
    Value* const value = field == kFieldCount ? &values_[kFieldCount] : builder.Slot(field);
    at = *at == '[' ? ReadList(at, row.takes_elements, arena, value) : ReadScalar(at, value);
    if (at == nullptr) return false;
    if (!(row.takes & Bit(value->state))) value->state = Value::kNone;
    if (field != kFieldCount) previous = field;
    if (*at++ != ',') {
      if (at[-1] != '}' || at != end) return false;
      builder.End(arena->Take<Value>(builder.used()));
      return true;
    }
  }
  return false;
}

}  // namespace mcp_audit
