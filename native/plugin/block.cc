#include "block.h"

#include <cstring>

namespace mcp_audit {
namespace {

// What one read takes at most: enough that a system call costs little a record, and little enough
// that a batch stays in the processor's cache.
constexpr size_t kReadBytes = 64 << 10;
// CR and LF.
constexpr size_t kLineEndBytes = 2;

const char* LastLineEnd(const char* bytes, size_t count) {
  return static_cast<const char*>(memrchr(bytes, '\n', count));
}

}  // namespace

Block::Block(size_t max_line_bytes, Metrics* metrics)
    : max_line_bytes_(max_line_bytes),
      metrics_(metrics),
      capacity_(max_line_bytes + kLineEndBytes + kReadBytes),
      bytes_(new char[capacity_ + kPadding]()) {}

char* Block::Prepare(const HalfLine& half) {
  position_ = 0;
  end_ = 0;
  filled_ = half.bytes.size();
  if (filled_ > 0) memcpy(bytes_.get(), half.bytes.data(), filled_);
  return bytes_.get() + filled_;
}

void Block::Add(size_t count, HalfLine* half) {
  char* const bytes = bytes_.get();
  const size_t begin = filled_;
  filled_ += count;
  metrics_->bytes.Add(count);
  const char* const last = LastLineEnd(bytes + begin, count);
  if (last == nullptr) {
    if (half->is_dropped) return;
    // With a CR that may turn out to be part of the line's end.
    if (filled_ > max_line_bytes_ + 1) {
      metrics_->skipped_too_long.Add(1);
      half->bytes.clear();
      half->is_dropped = true;
    } else {
      half->bytes.insert(half->bytes.end(), bytes + begin, bytes + filled_);
    }
    return;
  }
  if (half->is_dropped) {
    const auto* first = static_cast<const char*>(memchr(bytes + begin, '\n', count));
    position_ = static_cast<size_t>(first - bytes) + 1;
    half->is_dropped = false;
  }
  end_ = static_cast<size_t>(last - bytes) + 1;
  half->bytes.assign(bytes + end_, bytes + filled_);
  if (half->bytes.size() > max_line_bytes_ + 1) {
    metrics_->skipped_too_long.Add(1);
    half->bytes.clear();
    half->is_dropped = true;
  }
}

void Block::Finish(HalfLine* half) {
  Prepare(*half);
  half->bytes.clear();
  half->is_dropped = false;
  end_ = filled_;
  // What stood there before is no part of the line.
  memset(bytes_.get() + filled_, 0, kPadding);
}

bool Block::IsTooLong(size_t length) {
  if (length <= max_line_bytes_) return false;
  metrics_->skipped_too_long.Add(1);
  return true;
}

bool Block::NextLine(char** line, size_t* length) {
  while (position_ < end_) {
    char* const begin = bytes_.get() + position_;
    const size_t rest = end_ - position_;
    auto* const line_end = static_cast<char*>(memchr(begin, '\n', rest));
    size_t bytes = line_end == nullptr ? rest : static_cast<size_t>(line_end - begin);
    position_ += line_end == nullptr ? bytes : bytes + 1;
    if (line_end != nullptr && bytes > 0 && begin[bytes - 1] == '\r') bytes--;
    if (bytes == 0 || IsTooLong(bytes)) continue;
    *line = begin;
    *length = bytes;
    return true;
  }
  return false;
}

}  // namespace mcp_audit
