#include "relay.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace {

constexpr size_t kChunkBytes = 64 * 1024;
constexpr size_t kPieceAlign = 8;
constexpr uint64_t kNsPerMs = 1'000'000;
constexpr uint64_t kNever = UINT64_MAX;

uint64_t NowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

constexpr size_t PieceBytes(size_t size) {
  return sizeof(PieceHeader) + ((size + kPieceAlign - 1) & ~(kPieceAlign - 1));
}

// What one round may push: a chunk each way. Their ends find room always.
constexpr size_t kRoundBytes = 2 * PieceBytes(kChunkBytes);
constexpr size_t kReservedBytes = 2 * sizeof(PieceHeader);

static_assert(Relay::kMinBatchBytes >= kRoundBytes + kReservedBytes);

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// As poll() takes it.
int MsUntil(uint64_t moment_ns) {
  if (moment_ns == kNever) return -1;
  const uint64_t now_ns = NowNs();
  return moment_ns <= now_ns ? 0 : static_cast<int>((moment_ns - now_ns + kNsPerMs - 1) / kNsPerMs);
}

void CloseEnd(RelayEnd& end) {
  if (end.fd >= 0) close(end.fd);
  end.fd = -1;
}

}  // namespace

RelayEnd AdoptClientEnd(int fd, bool for_reading, bool replace) {
  struct stat status;
  if (fstat(fd, &status) != 0) return {};
  if (S_ISSOCK(status.st_mode)) {
    int type = 0;
    socklen_t size = sizeof(type);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return {};
    return {replace ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3), true};
  }
  struct statfs file_system;
  if (!S_ISFIFO(status.st_mode) || fstatfs(fd, &file_system) != 0 || file_system.f_type != PIPEFS_MAGIC) return {};
  // An open file of our own: O_NONBLOCK would belong to all who share this one.
  char path[32];
  snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  const int own = open(path, (for_reading ? O_RDONLY : O_WRONLY) | O_NONBLOCK | O_CLOEXEC);
  if (own < 0 || !replace) return {own, false};
  const int replaced = dup2(own, fd);
  close(own);
  return {replaced, false};
}

Relay::Relay(RelayEnd from_client, RelayEnd to_client, RelayEnd from_server, RelayEnd to_server, Batch first,
             Batch second, std::function<void()> wake)
    : wake_(std::move(wake)), command_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), batches_{first, second} {
  if (command_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  to_server_.source = from_client;
  to_server_.target = to_server;
  to_client_.source = from_server;
  to_client_.target = to_client;
  to_server_.chunk.reset(new uint8_t[kChunkBytes]);
  to_client_.chunk.reset(new uint8_t[kChunkBytes]);
  // Signals are for the threads that were there before.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    close(command_fd_);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Relay::~Relay() {
  closing_ = true;
  eventfd_write(command_fd_, 1);
  thread_.join();
  for (Direction* direction : {&to_server_, &to_client_}) {
    CloseEnd(direction->source);
    CloseEnd(direction->target);
  }
  close(command_fd_);
}

void Relay::Stop(Way way) {
  (way == Way::kToServer ? to_server_ : to_client_).stopped = true;
  eventfd_write(command_fd_, 1);
}

void Relay::GiveUpWhenIdle(uint32_t idle_ms) {
  idle_from_ns_ = NowNs();
  idle_ms_ = idle_ms;
  eventfd_write(command_fd_, 1);
}

size_t Relay::Take() {
  std::lock_guard<std::mutex> lock(mutex_);
  const size_t taken = used_;
  filling_ = 1 - filling_;
  used_ = 0;
  if (waits_for_room_) eventfd_write(command_fd_, 1);
  waits_for_room_ = false;
  return taken;
}

bool Relay::HasRoom() {
  std::lock_guard<std::mutex> lock(mutex_);
  const bool has_room = used_ + kRoundBytes + kReservedBytes <= batches_[filling_].capacity;
  if (!has_room) waits_for_room_ = true;
  return has_room;
}

void Relay::Push(Way way, uint32_t how, const uint8_t* bytes, size_t size, uint64_t at_ns) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    uint8_t* const to = batches_[filling_].bytes + used_;
    const PieceHeader header{static_cast<uint32_t>(way) | how, static_cast<uint32_t>(size), at_ns};
    memcpy(to, &header, sizeof(header));
    if (size > 0) memcpy(to + sizeof(header), bytes, size);
    if (used_ == 0) {
      tell_by_ns_ = at_ns + kTellWithinMs * kNsPerMs;
      is_told_ = false;
    }
    used_ += PieceBytes(size);
  }
  if (how != 0) Tell();
}

void Relay::Tell() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (is_told_ || used_ == 0) return;
    is_told_ = true;
  }
  wake_();
}

uint64_t Relay::TellByNs() {
  std::lock_guard<std::mutex> lock(mutex_);
  return is_told_ || used_ == 0 ? kNever : tell_by_ns_;
}

void Relay::Finish(Direction& direction, bool by_itself) {
  direction.is_over = true;
  // What nobody took is shown as well: it was read, and is gone. The end is told before it is made, so
  // that nothing that comes of it is told earlier.
  if (direction.way == Way::kToServer && direction.pending()) {
    Push(direction.way, 0, direction.chunk.get() + direction.begin, direction.end - direction.begin, NowNs());
  }
  const uint32_t how = by_itself ? kWayIsOver | kWayIsOverByItself : kWayIsOver;
  Push(direction.way, how, nullptr, 0, NowNs());
  CloseEnd(direction.source);
  if (direction.target.is_socket) shutdown(direction.target.fd, SHUT_WR);
  CloseEnd(direction.target);
}

void Relay::Read(Direction& direction) {
  const RelayEnd& source = direction.source;
  uint8_t* const chunk = direction.chunk.get();
  const ssize_t size = source.is_socket ? recv(source.fd, chunk, kChunkBytes, MSG_DONTWAIT)
                                        : read(source.fd, chunk, kChunkBytes);
  if (size < 0 && WouldBlock(errno)) return;
  // A source that breaks has nothing more to say.
  if (size <= 0) return Finish(direction, true);
  const uint64_t at_ns = NowNs();
  direction.begin = 0;
  direction.end = static_cast<size_t>(size);
  Write(direction);
  if (direction.way == Way::kToClient) Push(direction.way, 0, chunk, direction.end, at_ns);
}

void Relay::Write(Direction& direction) {
  const RelayEnd& target = direction.target;
  const uint8_t* const bytes = direction.chunk.get() + direction.begin;
  const size_t wanted = direction.end - direction.begin;
  const uint64_t at_ns = NowNs();
  const ssize_t size = target.is_socket ? send(target.fd, bytes, wanted, MSG_DONTWAIT | MSG_NOSIGNAL)
                                        : write(target.fd, bytes, wanted);
  const bool is_gone = size < 0 && !WouldBlock(errno);
  const size_t moved = static_cast<size_t>(std::max<ssize_t>(size, 0));
  direction.begin += moved;
  if (direction.way == Way::kToClient) to_client_active_ns_ = at_ns;
  else if (moved > 0) Push(direction.way, 0, bytes, moved, at_ns);
  // Nobody takes the bytes any more: whoever sends them has to learn it, as it would without us.
  if (is_gone) direction.stopped = true;
}

void Relay::Run() {
  pthread_setname_np(pthread_self(), "mcp-relay");
  while (!closing_ && !(to_server_.is_over && to_client_.is_over)) {
    Round();
    for (Direction* direction : {&to_server_, &to_client_}) {
      if (direction->stopped && !direction->is_over && HasRoom()) Finish(*direction, false);
    }
  }
}

// Waits until something can be done, and does it once each way.
void Relay::Round() {
  Direction* const directions[] = {&to_server_, &to_client_};
  pollfd polled[] = {{command_fd_, POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};
  const bool has_room = HasRoom();
  for (int i = 0; i < 2; i++) {
    const Direction& direction = *directions[i];
    // What goes to the client was copied when it was read.
    const bool is_copied = direction.pending() && direction.way == Way::kToClient;
    if (direction.is_over || direction.stopped || !(has_room || is_copied)) continue;
    polled[1 + i].fd = direction.pending() ? direction.target.fd : direction.source.fd;
    polled[1 + i].events = direction.pending() ? POLLOUT : POLLIN;
  }
  const uint32_t idle_ms = idle_ms_;
  const bool waits_for_source = idle_ms > 0 && polled[2].events == POLLIN;
  const uint64_t give_up_ns =
      waits_for_source ? std::max(to_client_active_ns_, idle_from_ns_.load()) + idle_ms * kNsPerMs : kNever;
  if (!has_room) Tell();
  const int ready = poll(polled, 3, MsUntil(std::min(give_up_ns, TellByNs())));
  if (ready < 0) {
    // Nothing can be waited for any more.
    if (errno != EINTR) to_server_.stopped = to_client_.stopped = true;
    return;
  }
  if (polled[0].revents != 0) {
    eventfd_t count;
    eventfd_read(command_fd_, &count);
  }
  for (int i = 0; i < 2; i++) {
    if (polled[1 + i].revents == 0) continue;
    if (directions[i]->pending()) Write(*directions[i]);
    else Read(*directions[i]);
  }
  // Not before the source was asked: this thread may have been held up.
  const uint64_t now_ns = NowNs();
  if (ready == 0 && now_ns >= give_up_ns) to_client_.stopped = true;
  if (now_ns >= TellByNs()) Tell();
}
