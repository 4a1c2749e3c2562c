#include "stream_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace mcp_audit {

StreamInput::StreamInput() : fd_(STDIN_FILENO), name_("standard input"), follow_(false) {
  if (fcntl(fd_, F_GETFD) < 0) throw OpenError("standard input is closed; give records to it, or name a file");
}

StreamInput::StreamInput(const std::string& path, bool follow)
    : owned_(open(path.c_str(), (follow ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_CLOEXEC)),
      fd_(owned_.get()),
      name_(path),
      follow_(follow) {
  // Following keeps a pipe open for writing itself: it has no end then, and is not always "readable".
  if (fd_ < 0 && follow && errno == EACCES) {
    owned_ = UniqueFd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    fd_ = owned_.get();
  }
  if (fd_ < 0) throw OpenError(SystemError(path, errno));
}

Input::State StreamInput::Read(Block* block) {
  // Standard input's file description may be shared: it is not made non-blocking, but asked first.
  pollfd ready = {fd_, POLLIN, 0};
  if (poll(&ready, 1, 0) <= 0) return State::kIdle;
  char* const to = block->Prepare(half_);
  const ssize_t count = read(fd_, to, block->room());
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return State::kIdle;
    throw InputError(SystemError(name_, errno));
  }
  if (count == 0) {
    if (follow_) return State::kIdle;
    if (half_.empty()) return State::kEnded;
    block->Finish(&half_);
    return State::kBytes;
  }
  read_bytes_ += static_cast<uint64_t>(count);
  block->Add(static_cast<size_t>(count), &half_);
  return State::kBytes;
}

void StreamInput::Wait(int timeout_ms) {
  pollfd ready = {fd_, POLLIN, 0};
  // At a followed pipe's end poll returns at once, and would spin.
  if (poll(&ready, 1, timeout_ms) > 0 && !(ready.revents & POLLIN)) Input::Wait(timeout_ms);
}

}  // namespace mcp_audit
