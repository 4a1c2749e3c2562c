// Bytes as they come become lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "metrics.h"

namespace mcp_audit {

// What one flow of bytes (a file, a connection) has given of a line that has not ended yet.
struct HalfLine {
  std::vector<char> bytes;
  // The line is longer than the limit, or began before we looked: its rest is dropped.
  bool is_dropped = false;

  bool empty() const { return bytes.empty() && !is_dropped; }
};

// A buffer of whole lines of one flow. Lines stay where they are until the next Prepare.
class Block {
 public:
  // Lines that are longer than `max_line_bytes` are counted in `metrics`, and not given.
  Block(size_t max_line_bytes, Metrics* metrics);

  // Bytes behind each line that can be read and written.
  static constexpr size_t kPadding = 64;

  // Where the next bytes of the flow go, room() of them at most. All lines must have been taken.
  char* Prepare(const HalfLine& half);
  size_t room() const { return capacity_ - filled_; }

  // Takes `count` bytes that were put there; what is behind the last line end goes to `half`.
  void Add(size_t count, HalfLine* half);

  // The flow has ended: its half line is a line. Leaves `half` empty.
  void Finish(HalfLine* half);

  // The next line without its end, never an empty one; false when there is none.
  bool NextLine(char** line, size_t* length);

  // How many bytes of lines wait.
  size_t pending() const { return end_ - position_; }

 private:
  bool IsTooLong(size_t length);

  const size_t max_line_bytes_;
  Metrics* const metrics_;
  const size_t capacity_;
  const std::unique_ptr<char[]> bytes_;
  // [position_, end_) are whole lines; [end_, filled_) is the half line before the new bytes.
  size_t position_ = 0;
  size_t end_ = 0;
  size_t filled_ = 0;
};

}  // namespace mcp_audit
