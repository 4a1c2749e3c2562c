#include "file_tail.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "clock.h"
#include "input.h"

namespace mcp_audit {

FileTail::FileTail(UniqueFd fd, const std::string& name) : fd_(std::move(fd)), name_(name) {
  struct stat status;
  if (fstat(fd_.get(), &status) != 0) throw InputError(SystemError(name, errno));
  id_ = FileId::Of(status);
}

uint64_t FileTail::size() const {
  struct stat status;
  return fstat(fd_.get(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : position();
}

bool FileTail::is_deleted() const {
  struct stat status;
  return fstat(fd_.get(), &status) == 0 && status.st_nlink == 0;
}

int64_t FileTail::written_ns() const {
  struct stat status;
  return fstat(fd_.get(), &status) == 0 ? ToNs(status.st_mtim) : 0;
}

void FileTail::SkipToEnd() {
  position_ = static_cast<off_t>(size());
  const off_t from = std::max<off_t>(0, position_ - static_cast<off_t>(kMarkBytes));
  const ssize_t count = pread(fd_.get(), mark_, static_cast<size_t>(position_ - from), from);
  mark_bytes_ = count > 0 && from + count == position_ ? static_cast<size_t>(count) : 0;
  half_.is_dropped = mark_bytes_ > 0 && mark_[mark_bytes_ - 1] != '\n';
}

FileTail::State FileTail::Read(Block* block) {
  struct stat status;
  if (fstat(fd_.get(), &status) != 0) throw InputError(SystemError(name_, errno));
  if (status.st_size < position_) return State::kTruncated;
  if (status.st_size == position_) {
    if (at_end_since_ms_ < 0) at_end_since_ms_ = NowMs();
    return State::kAtEnd;
  }
  char mark[kMarkBytes];
  char* const to = block->Prepare(half_);
  const iovec parts[2] = {{mark, mark_bytes_}, {to, block->room()}};
  const ssize_t count = preadv(fd_.get(), parts, 2, position_ - static_cast<off_t>(mark_bytes_));
  if (count < 0) {
    if (errno == EINTR) return State::kAtEnd;
    throw InputError(SystemError(name_, errno));
  }
  const size_t read_bytes = static_cast<size_t>(count);
  if (read_bytes < mark_bytes_ || memcmp(mark, mark_, mark_bytes_) != 0) return State::kTruncated;
  const size_t new_bytes = read_bytes - mark_bytes_;
  if (new_bytes == 0) return State::kAtEnd;
  at_end_since_ms_ = -1;
  position_ += static_cast<off_t>(new_bytes);
  KeepMark(to + new_bytes, new_bytes);
  block->Add(new_bytes, &half_);
  return State::kBytes;
}

void FileTail::KeepMark(const char* end, size_t count) {
  if (count >= kMarkBytes) {
    memcpy(mark_, end - kMarkBytes, kMarkBytes);
    mark_bytes_ = kMarkBytes;
    return;
  }
  const size_t kept = std::min(mark_bytes_, kMarkBytes - count);
  memmove(mark_, mark_ + mark_bytes_ - kept, kept);
  memcpy(mark_ + kept, end - count, count);
  mark_bytes_ = kept + count;
}

void FileTail::Restart() {
  position_ = 0;
  mark_bytes_ = 0;
  half_ = HalfLine();
  at_end_since_ms_ = -1;
}

void FileTail::ContinueIn(UniqueFd copy) {
  fd_ = std::move(copy);
  struct stat status;
  if (fstat(fd_.get(), &status) != 0) throw InputError(SystemError(name_, errno));
  id_ = FileId::Of(status);
  at_end_since_ms_ = -1;
}

bool FileTail::IsCopiedIn(int fd) const {
  char mark[kMarkBytes];
  const off_t from = position_ - static_cast<off_t>(mark_bytes_);
  return mark_bytes_ > 0 && pread(fd, mark, mark_bytes_, from) == static_cast<ssize_t>(mark_bytes_) &&
         memcmp(mark, mark_, mark_bytes_) == 0;
}

bool FileTail::Finish(Block* block) {
  if (half_.bytes.empty()) return false;
  block->Finish(&half_);
  return true;
}

}  // namespace mcp_audit
