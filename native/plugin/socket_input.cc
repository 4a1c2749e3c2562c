#include "socket_input.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "clock.h"

namespace mcp_audit {
namespace {

constexpr int64_t kFirstRetryMs = 100;
constexpr int64_t kMaxRetryMs = 5000;

}  // namespace

SocketInput::SocketInput(const std::string& path, bool follow, Metrics* metrics)
    : path_(path), follow_(follow), metrics_(metrics), retry_delay_ms_(kFirstRetryMs) {
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    throw OpenError("unix://" + path + ": the path is longer than a socket's may be (" +
                    std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes)");
  const int error = Connect();
  if (error == 0) return;
  const bool may_come = error == ENOENT || error == ECONNREFUSED || error == EAGAIN;
  if (!follow || !may_come)
    throw OpenError(SystemError("unix://" + path, error) + "; is the agent running, with this feed?");
  PutOff();
}

int SocketInput::Connect() {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return errno;
  if (was_connected_) metrics_->reconnects.Add(1);
  was_connected_ = true;
  fd_ = std::move(fd);
  return 0;
}

void SocketInput::PutOff() {
  retry_at_ms_ = NowMs() + retry_delay_ms_;
  retry_delay_ms_ = std::min(retry_delay_ms_ * 2, kMaxRetryMs);
}

Input::State SocketInput::Read(Block* block) {
  if (!fd_) {
    if (!follow_) return State::kEnded;
    if (NowMs() < retry_at_ms_) return State::kIdle;
    if (Connect() != 0) {
      PutOff();
      return State::kIdle;
    }
  }
  char* const to = block->Prepare(half_);
  const ssize_t count = recv(fd_.get(), to, block->room(), MSG_DONTWAIT);
  if (count > 0) {
    retry_delay_ms_ = kFirstRetryMs;
    read_bytes_ += static_cast<uint64_t>(count);
    block->Add(static_cast<size_t>(count), &half_);
    return State::kBytes;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return State::kIdle;
  // The other side is gone: the next one begins with a line of its own.
  fd_ = UniqueFd();
  PutOff();
  if (half_.empty()) return follow_ ? State::kIdle : State::kEnded;
  block->Finish(&half_);
  return State::kBytes;
}

void SocketInput::Wait(int timeout_ms) {
  if (!fd_) return Input::Wait(timeout_ms);
  pollfd ready = {fd_.get(), POLLIN, 0};
  poll(&ready, 1, timeout_ms);
}

}  // namespace mcp_audit
