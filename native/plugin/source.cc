#include "source.h"

#include <algorithm>
#include <cstring>

#include "clock.h"
#include "event.h"

namespace mcp_audit {
namespace {

// Before each event stands its position in the batch.
constexpr size_t kIndexBytes = 8;
constexpr size_t kEventOverheadBytes = kIndexBytes + kPayloadOffset + 7;
// A batch that nothing but skipped lines are read for ends without one: the host may want to stop.
constexpr int kMaxBlocksOfBatch = 8;
// More than a block's records take, unless they are very short.
constexpr size_t kMemoryBytes = 128 << 10;

}  // namespace

Source::Source(const OpenParams& params, const Config& config, Metrics* metrics)
    : config_(config),
      metrics_(metrics),
      input_(OpenInput(params, metrics)),
      block_(config.max_record_bytes, metrics),
      reader_(config.max_record_bytes),
      memory_bytes_(kMemoryBytes + config.max_record_bytes + kEventOverheadBytes),
      memory_(new char[memory_bytes_]),
      records_(config.batch_records) {
  events_.reserve(config.batch_records);
}

Input::State Source::NextBatch(uint32_t* count, falco_event*** events) {
  *count = 0;
  *events = events_.data();
  events_.clear();
  memory_used_ = 0;
  arena_.Reset();
  for (int blocks = 0; blocks < kMaxBlocksOfBatch; blocks++) {
    if (FillBatch()) {
      *count = static_cast<uint32_t>(events_.size());
      *events = events_.data();
      return Input::State::kBytes;
    }
    const Input::State state = input_->Read(&block_);
    if (state == Input::State::kEnded) return state;
    if (state == Input::State::kIdle) {
      input_->Wait(config_.poll_ms);
      return state;
    }
  }
  return Input::State::kIdle;
}

bool Source::FillBatch() {
  char* line;
  size_t length;
  const size_t full = memory_bytes_ - config_.max_record_bytes - kEventOverheadBytes;
  while (events_.size() < config_.batch_records && memory_used_ <= full && block_.NextLine(&line, &length)) {
    AddEvent(line, length);
  }
  if (events_.empty()) return false;
  metrics_->events.Add(events_.size());
  const int64_t lag_ns = WallNs() - static_cast<int64_t>(records_[events_.size() - 1].timestamp());
  metrics_->lag_ms.Set(lag_ns > 0 ? static_cast<uint64_t>(lag_ns) / 1'000'000 : 0);
  return true;
}

void Source::AddEvent(char* line, size_t length) {
  char* const to = memory_.get() + memory_used_;
  const uint64_t index = events_.size();
  Record& record = records_[index];
  memcpy(to, &index, kIndexBytes);
  // Before it is read: reading overwrites the line.
  memcpy(to + kIndexBytes + kPayloadOffset, line, length);
  switch (reader_.Read(line, length, &arena_, &record)) {
    case Verdict::kBrokenJson:
      metrics_->skipped_broken_json.Add(1);
      return;
    case Verdict::kMissingField:
      metrics_->skipped_missing_field.Add(1);
      return;
    case Verdict::kRecord:
      break;
  }
  WriteEventHeader(to + kIndexBytes, record.timestamp(), length);
  events_.push_back(reinterpret_cast<falco_event*>(to + kIndexBytes));
  memory_used_ += (kIndexBytes + kPayloadOffset + length + 7) & ~size_t{7};
}

const Record* Source::RecordOf(const falco_event* event) const {
  const auto* const at = reinterpret_cast<const char*>(event);
  if (at < memory_.get() + kIndexBytes || at >= memory_.get() + memory_used_) return nullptr;
  uint64_t index;
  memcpy(&index, at - kIndexBytes, kIndexBytes);
  return index < events_.size() && events_[index] == event ? &records_[index] : nullptr;
}

const char* Source::Progress(uint32_t* percent_of_percent) {
  const Input::Progress progress = input_->progress();
  const uint64_t read_bytes = progress.read_bytes - std::min<uint64_t>(progress.read_bytes, block_.pending());
  const double share = progress.total_bytes == 0 ? 0 : static_cast<double>(read_bytes) / progress.total_bytes;
  *percent_of_percent = static_cast<uint32_t>(std::min(share, 1.0) * 10000);
  progress_ = std::to_string(read_bytes);
  progress_ += progress.total_bytes == 0 ? " bytes" : " of " + std::to_string(progress.total_bytes) + " bytes";
  return progress_.c_str();
}

}  // namespace mcp_audit
