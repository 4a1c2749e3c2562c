// From a record's key to the field's row in kFields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fields.gen.h"

namespace mcp_audit {

constexpr uint8_t kNoField = 255;
// Bytes from a key's start that must be readable, whatever its length.
constexpr size_t kKeyReadBytes = 32;

inline uint64_t LoadWord(const char* at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

// kNoField for a key that is none.
inline uint8_t FieldOf(const char* key, size_t length) {
  if (length < 2 || length >= kKeyReadBytes) return kNoField;
  uint64_t head = LoadWord(key);
  uint64_t tail = 0;
  if (length > 8) tail = LoadWord(key + length - 8);
  else head &= ~uint64_t{0} >> (64 - 8 * length);
  const uint64_t mixed = (head ^ tail << 1) + length;
  const uint8_t field = kHashSlots[mixed * kHashMultiplier >> kHashShift];
  if (field == kNoField) return kNoField;
  const Field& row = kFields[field];
  return row.name_bytes == length && memcmp(row.name, key, length) == 0 ? field : kNoField;
}

}  // namespace mcp_audit
