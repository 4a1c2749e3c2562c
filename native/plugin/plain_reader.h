// Reads records as our own encoder writes most of them: an object without white space, of texts in
// printable ASCII without escapes, numbers, booleans, and lists of those. It takes half the time of
// the JSON library, to which everything else is left.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arena.h"
#include "field_lookup.h"
#include "record.h"

namespace mcp_audit {

// Used by one thread at a time.
class PlainReader {
 public:
  PlainReader();

  // Bytes behind a line that must be readable.
  static constexpr size_t kPadding = 64;

  // False where the line is none of that form, broken or not; it is not changed. True: it is valid
  // JSON, and the record's values are all there.
  bool Read(char* line, size_t length, Arena* arena, Record* record);

 private:
  struct Row {
    // The key with `":` behind it, as it stands in a line.
    char text[kKeyReadBytes];
    // A bit for each byte that counts.
    uint32_t mask;
    uint8_t bytes;
    // Bits of the states that a value, or a list's element, may have.
    uint8_t takes;
    uint8_t takes_elements;
  };

  static bool Matches(const Row& row, const char* key);
  uint8_t ReadKey(char** at, uint8_t previous);

  // A record's values while it is read; the last is for keys that are no field.
  Value values_[kFieldCount + 1];
  // For each field, and at last for keys that are none.
  Row rows_[kFieldCount + 1];
  // Which field came behind which the last time; the last element is for the first key.
  uint8_t next_[kFieldCount + 1];
};

}  // namespace mcp_audit
