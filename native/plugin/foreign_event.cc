#include "foreign_event.h"

#include <cstring>

#include "event.h"

namespace mcp_audit {
namespace {

// The bound of max_record_bytes: no capture has longer ones.
constexpr size_t kMaxBytes = 1 << 20;
constexpr size_t kFirstBytes = 64 << 10;

}  // namespace

const Record* ForeignEvent::RecordOf(const falco_event* event) {
  const char* payload;
  size_t length;
  if (!ReadEvent(event, &payload, &length) || length > kMaxBytes) return nullptr;
  // By its content: hosts use buffers again, and count events from 1 again.
  const bool is_same =
      is_known_ && length == payload_.size() && (length == 0 || memcmp(payload, payload_.data(), length) == 0);
  if (!is_same) {
    is_known_ = false;
    payload_.assign(payload, payload + length);
    line_.assign(payload, payload + length);
    line_.resize(length + RecordReader::kPadding);
    if (!reader_ || reader_bytes_ < length) {
      reader_bytes_ = length > kFirstBytes ? kMaxBytes : kFirstBytes;
      reader_ = std::make_unique<RecordReader>(reader_bytes_);
    }
    arena_.Reset();
    is_record_ = reader_->Read(line_.data(), length, &arena_, &record_) == Verdict::kRecord;
    is_known_ = true;
  }
  return is_record_ ? &record_ : nullptr;
}

}  // namespace mcp_audit
