// One capture: input, its lines, and the batch of events that the host has.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arena.h"
#include "block.h"
#include "config.h"
#include "falco_abi.h"
#include "input.h"
#include "metrics.h"
#include "record_reader.h"

namespace mcp_audit {

class Source {
 public:
  // Throws OpenError.
  Source(const OpenParams& params, const Config& config, Metrics* metrics);

  // What plugin_next_batch gives; kIdle after a wait. Throws InputError.
  Input::State NextBatch(uint32_t* count, falco_event*** events);

  // The record of an event of the current batch, null for any other event. O(1).
  const Record* RecordOf(const falco_event* event) const;
  Arena* arena() { return &arena_; }

  // In percent of percents; text for people, valid until the next call.
  const char* Progress(uint32_t* percent_of_percent);

 private:
  // False when the block has no record left.
  bool FillBatch();
  void AddEvent(char* line, size_t length);

  const Config config_;
  Metrics* const metrics_;
  const std::unique_ptr<Input> input_;
  Block block_;
  RecordReader reader_;
  // Memory of the batch's values; the texts are in block_.
  Arena arena_;
  // Events of the batch, each behind its position in `records_`.
  const size_t memory_bytes_;
  const std::unique_ptr<char[]> memory_;
  size_t memory_used_ = 0;
  std::vector<falco_event*> events_;
  std::vector<Record> records_;
  std::string progress_;
};

}  // namespace mcp_audit
