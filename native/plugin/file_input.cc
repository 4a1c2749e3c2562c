#include "file_input.h"

#include <fcntl.h>

#include <cerrno>

#include "clock.h"

namespace mcp_audit {
namespace {

// A writer that has opened the new file writes to the old one no more, as a rule.
constexpr int64_t kQuietMs = 250;
// In the middle of a line it certainly means to.
constexpr int64_t kQuietHalfLineMs = 2000;
// How long a rotated file is held for writers that have not noticed, and how many of them.
constexpr int64_t kHeldMs = 60'000;
constexpr size_t kMaxHeld = 16;
// How often they are looked at while there is enough else to read.
constexpr int64_t kLookMs = 100;
// Whoever makes a file may set its permissions a moment later.
constexpr int64_t kUnreadableMs = 10'000;

}  // namespace

std::unique_ptr<FileTail> OpenTail(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) throw OpenError(SystemError(path, errno));
  return std::make_unique<FileTail>(std::move(fd), path);
}

Input::State FileInput::Read(Block* block) {
  switch (tail_->Read(block)) {
    case FileTail::State::kBytes:
      return State::kBytes;
    case FileTail::State::kTruncated:
      throw InputError(tail_->name() + ": was truncated while it was read; open it with follow=true");
    case FileTail::State::kAtEnd:
      break;
  }
  return tail_->Finish(block) ? State::kBytes : State::kEnded;
}

FollowedFile::FollowedFile(const std::string& path, bool from_end, DatedNames dated, Metrics* metrics)
    : path_(path), dated_(dated), metrics_(metrics) {
  if (OpenCurrent() && from_end) current_->SkipToEnd();
}

bool FollowedFile::OpenCurrent() {
  UniqueFd fd(open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return false;
  current_ = std::make_unique<FileTail>(std::move(fd), path_);
  unreadable_since_ms_ = -1;
  return true;
}

bool FollowedFile::Holds(FileId id) const {
  if (current_ && current_->id() == id) return true;
  for (const Rotated& rotated : rotated_) {
    if (rotated.tail->id() == id) return true;
  }
  return false;
}

bool FollowedFile::IsGone() const {
  struct stat status;
  return !current_ && rotated_.empty() && stat(path_.c_str(), &status) != 0;
}

Input::Progress FollowedFile::progress() const {
  if (!current_) return {read_before_, 0};
  return {read_before_ + current_->position(), read_before_ + current_->size()};
}

Input::State FollowedFile::Read(Block* block) {
  if (!rotated_.empty() && NowMs() >= next_look_ms_ && ReadRotated(block)) return Input::State::kBytes;
  if (copy_) {
    if (copy_->Read(block) == FileTail::State::kBytes) return Input::State::kBytes;
    const bool has_line = copy_->Finish(block);
    copy_.reset();
    if (has_line) return Input::State::kBytes;
  }
  if (!current_ && !OpenCurrent()) {
    Unreadable(errno);
    return Input::State::kIdle;
  }
  // Each turn is another file; a bound, as each of them may be empty.
  for (int turn = 0; turn < 16; turn++) {
    switch (current_->Read(block)) {
      case FileTail::State::kBytes:
        return Input::State::kBytes;
      case FileTail::State::kTruncated:
        Truncated();
        return Input::State::kIdle;
      case FileTail::State::kAtEnd:
        break;
    }
    if (!MoveOn()) break;
  }
  return Input::State::kIdle;
}

void FollowedFile::Truncated() {
  metrics_->truncations.Add(1);
  // "copytruncate" leaves a copy, with what was not read yet.
  if (auto copy = FindCopy(path_, *current_, dated_)) {
    copy_ = std::move(current_);
    copy_->ContinueIn(std::move(copy->fd));
    return;
  }
  current_->Restart();
}

void FollowedFile::Unreadable(int error) {
  // A file that is not there may come; one that is there and closed to us would be silence for ever.
  if (error == ENOENT) {
    unreadable_since_ms_ = -1;
    return;
  }
  const int64_t now_ms = NowMs();
  if (unreadable_since_ms_ < 0) unreadable_since_ms_ = now_ms;
  if (now_ms - unreadable_since_ms_ >= kUnreadableMs)
    throw InputError(SystemError(path_, error) + "; a new file took the place of the one that was followed");
}

bool FollowedFile::IsOver() const {
  const int64_t quiet_ms = current_->half().empty() ? kQuietMs : kQuietHalfLineMs;
  // The time since we have seen its end, or, for one that was over before we came, of its last write.
  if (NowMs() - current_->at_end_since_ms() >= quiet_ms) return true;
  return WallNs() - current_->written_ns() >= quiet_ms * 1'000'000;
}

bool FollowedFile::MoveOn() {
  struct stat status;
  const bool is_there = stat(path_.c_str(), &status) == 0;
  if (is_there && FileId::Of(status) == current_->id()) return false;
  if (!IsOver()) return false;
  auto successor = FindSuccessor(path_, current_->id(), current_->written_ns(), dated_);
  if (!successor) {
    Unreadable(is_there && access(path_.c_str(), R_OK) != 0 ? errno : ENOENT);
    if (!is_there && current_->is_deleted() && NowMs() - current_->at_end_since_ms() >= kHeldMs) {
      read_before_ += current_->position();
      rotated_.push_back({std::move(current_), 0});
    }
    return false;
  }
  unreadable_since_ms_ = -1;
  metrics_->rotations.Add(1);
  read_before_ += current_->position();
  rotated_.push_back({std::move(current_), NowMs() + kHeldMs});
  current_ = std::make_unique<FileTail>(std::move(successor->fd), successor->path);
  return true;
}

bool FollowedFile::ReadRotated(Block* block) {
  const int64_t now_ms = NowMs();
  for (auto rotated = rotated_.begin(); rotated != rotated_.end();) {
    // One that was truncated has nothing more to say.
    if (rotated->tail->Read(block) == FileTail::State::kBytes) return true;
    if (now_ms < rotated->until_ms && rotated_.size() <= kMaxHeld) {
      ++rotated;
      continue;
    }
    const bool has_line = rotated->tail->Finish(block);
    Leave(std::move(rotated->tail));
    rotated = rotated_.erase(rotated);
    if (has_line) return true;
  }
  next_look_ms_ = now_ms + kLookMs;
  return false;
}

void FollowedFile::Leave(std::unique_ptr<FileTail> tail) {
  if (keeps_left_) left_.push_back(std::move(tail));
}

}  // namespace mcp_audit
