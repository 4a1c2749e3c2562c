// Events that are not of a running capture: read back from a file, or copied by the host.
#pragma once

#include <memory>
#include <vector>

#include "arena.h"
#include "falco_abi.h"
#include "record_reader.h"

namespace mcp_audit {

// Remembers the last one: a host asks for one field after the other.
class ForeignEvent {
 public:
  // Null for what is no event of ours, or no record.
  const Record* RecordOf(const falco_event* event);
  Arena* arena() { return &arena_; }

 private:
  // The payload as it came, and as it was read, which overwrites it.
  std::vector<char> payload_;
  std::vector<char> line_;
  bool is_known_ = false;
  bool is_record_ = false;
  size_t reader_bytes_ = 0;
  std::unique_ptr<RecordReader> reader_;
  Arena arena_;
  Record record_;
};

}  // namespace mcp_audit
