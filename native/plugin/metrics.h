// Counters of one plugin state, over all its captures.
#pragma once

#include <atomic>
#include <cstdint>

namespace mcp_audit {

// One thread writes, others may read: a counter's own thread needs no locked instruction.
class Counter {
 public:
  void Add(uint64_t count) { Set(value() + count); }
  void Set(uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

struct Metrics {
  Counter events;
  Counter bytes;
  Counter skipped_broken_json;
  Counter skipped_too_long;
  Counter skipped_missing_field;
  // Between the time that the last record carries and its hand-over.
  Counter lag_ms;
  Counter rotations;
  Counter truncations;
  Counter reconnects;
};

}  // namespace mcp_audit
