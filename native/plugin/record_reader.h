// From a line to a record.
#pragma once

#include <cstddef>
#include <memory>

#include "arena.h"
#include "plain_reader.h"
#include "record.h"

namespace mcp_audit {

enum class Verdict { kRecord, kBrokenJson, kMissingField };

// Has the memory that reading takes. Used by one thread at a time.
class RecordReader {
 public:
  // Lines may have at most `max_bytes`.
  explicit RecordReader(size_t max_bytes);

  static constexpr size_t kPadding = PlainReader::kPadding;

  // `line` must be followed by kPadding bytes that can be read and written; they are as before afterwards.
  // The line itself may be overwritten: the record's texts are in it.
  Verdict Read(char* line, size_t length, Arena* arena, Record* record);

 private:
  // False when it is no JSON object.
  bool ReadAnyJson(char* line, size_t length, Arena* arena, Record* record);

  PlainReader plain_;
  const size_t pool_bytes_;
  const std::unique_ptr<char[]> pool_;
};

}  // namespace mcp_audit
