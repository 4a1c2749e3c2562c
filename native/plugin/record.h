// A record as the values of its fields. docs/reference/reading-records.md says what counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "arena.h"
#include "fields.gen.h"

namespace mcp_audit {

enum class Verdict { kRecord, kBrokenJson, kMissingField };

// A value as it was read, and, once a host has asked for it, as the host gets it.
struct Value {
  enum State : uint8_t { kText, kNumber, kTrue, kFalse, kList, kReady, kNone };
  union {
    const char* text;     // kText, kNumber: NUL-terminated; kReady: what a string field gives
    uint64_t number;      // kReady
    falco_bool boolean;   // kReady
    Value* elements;      // kList: those whose type fits
    void* values;         // kReady: an address, or the array of a list
  };
  uint32_t length;  // bytes of a text, elements of a list
  State state;
};

// Values of the fields that a record has. Its memory belongs to an Arena and to the record's line.
class Record {
 public:
  // Null where the record has no value of the field's JSON type.
  Value* Find(uint32_t field) const {
    return present_[field >> 6] >> (field & 63) & 1 ? &values_[position_[field]] : nullptr;
  }
  uint64_t timestamp() const { return timestamp_; }

 private:
  friend class RecordReader;
  static_assert(kFieldCount <= 192, "present_ has a bit a field");

  uint64_t present_[3];
  uint64_t timestamp_;
  Value* values_;
  uint8_t position_[kFieldCount];
};

// Reads lines; has the memory that this takes. Used by one thread at a time.
class RecordReader {
 public:
  // Lines may have at most `max_bytes`.
  explicit RecordReader(size_t max_bytes);

  // `line` must be followed by kPadding bytes that can be read and written; they are restored. The
  // line itself is overwritten: the record's texts are in it.
  static constexpr size_t kPadding = 8;
  Verdict Read(char* line, size_t length, Arena* arena, Record* record);

 private:
  Verdict Fill(void* object, Arena* arena, Record* record);

  size_t pool_bytes_;
  std::unique_ptr<char[]> pool_;
};

}  // namespace mcp_audit
