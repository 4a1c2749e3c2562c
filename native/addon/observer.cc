#include "observer.h"

#include <bpf/bpf.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "fault.h"

namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr auto kNap = std::chrono::milliseconds(5);
constexpr auto kIdleCheck = std::chrono::milliseconds(250);
// How long a synchronous drain waits for records that other CPUs are just writing.
constexpr auto kBusyWait = std::chrono::milliseconds(5);

uint64_t MonotonicNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u + now.tv_nsec;
}

uint32_t CurrentTid() { return static_cast<uint32_t>(syscall(SYS_gettid)); }

// Ended, or a zombie: no hook will see it end any more.
bool HasEnded(uint32_t pid) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%u/stat", pid);
  FILE* file = fopen(path, "re");
  if (file == nullptr) return errno == ENOENT || errno == ESRCH;
  char line[512] = {};
  const size_t length = fread(line, 1, sizeof(line) - 1, file);
  fclose(file);
  // The state follows the command's closing parenthesis; the command may hold parentheses itself.
  const char* end = length > 0 ? strrchr(line, ')') : nullptr;
  return end == nullptr || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X';
}

}  // namespace

Observer::Observer(const ObserverOptions& options, std::function<void()> wake)
    : options_(options),
      wake_(std::move(wake)),
      object_(options.object_path, options.ring_bytes),
      ring_(object_.MapFd("mo_ring"), options.ring_bytes),
      counters_(object_.MapFd("mo_counters"), libbpf_num_possible_cpus()),
      tracked_fd_(object_.MapFd("mo_tracked")),
      spawners_fd_(object_.MapFd("mo_spawners")),
      thread_([this] { Run(); }) {}

Observer::~Observer() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    object_.Detach();
  }
  changed_.notify_all();
  thread_.join();
}

void Observer::AttachLocked() {
  last_busy_ = Clock::now();
  if (object_.attached()) return;
  object_.Attach();
  attach_count_++;
  loss_checked_ns_ = MonotonicNs();
  changed_.notify_all();
}

void Observer::OpenGate(uint32_t tree_id) {
  std::lock_guard<std::mutex> lock(mutex_);
  AttachLocked();
  const uint32_t tid = CurrentTid();
  uint32_t outer_tree;
  const bool reopened = bpf_map_lookup_elem(spawners_fd_, &tid, &outer_tree) == 0;
  if (bpf_map_update_elem(spawners_fd_, &tid, &tree_id, BPF_ANY) != 0) {
    throw Fault("INTERNAL", std::string("can't open the spawn gate: ") + strerror(errno));
  }
  if (!reopened) open_gates_++;
}

void Observer::CloseGate() {
  std::lock_guard<std::mutex> lock(mutex_);
  const uint32_t tid = CurrentTid();
  if (bpf_map_delete_elem(spawners_fd_, &tid) == 0 && open_gates_ > 0) open_gates_--;
  last_busy_ = Clock::now();
}

bool Observer::Track(uint32_t pid, uint32_t tree_id, bool only_new) {
  std::lock_guard<std::mutex> lock(mutex_);
  AttachLocked();
  if (bpf_map_update_elem(tracked_fd_, &pid, &tree_id, only_new ? BPF_NOEXIST : BPF_ANY) != 0) {
    if (errno == EEXIST) return false;
    throw Fault("INTERNAL", std::string("can't enter the process: ") + strerror(errno));
  }
  // It may have ended before it was entered; then nothing else would remove it.
  if (!HasEnded(pid)) return true;
  bpf_map_delete_elem(tracked_fd_, &pid);
  return false;
}

void Observer::Untrack(uint32_t tree_id) {
  std::lock_guard<std::mutex> lock(mutex_);
  // Children may be entered while we look: again, until a look finds none.
  for (;;) {
    std::vector<uint32_t> pids;
    uint32_t key;
    uint32_t* previous = nullptr;
    uint32_t next;
    while (bpf_map_get_next_key(tracked_fd_, previous, &next) == 0) {
      uint32_t value;
      if (bpf_map_lookup_elem(tracked_fd_, &next, &value) == 0 && value == tree_id) pids.push_back(next);
      key = next;
      previous = &key;
    }
    if (pids.empty()) return;
    for (uint32_t pid : pids) bpf_map_delete_elem(tracked_fd_, &pid);
  }
}

void Observer::Run() {
  pthread_setname_np(pthread_self(), "mcp-drain");
  Clock::time_point idle_checked;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (!object_.attached()) {
      changed_.wait(lock, [this] { return stopping_ || object_.attached(); });
      continue;
    }
    changed_.wait_for(lock, kNap, [this] { return stopping_; });
    if (stopping_) break;
    lock.unlock();
    DrainOnce();
    lock.lock();
    if (Clock::now() - idle_checked > kIdleCheck) {
      idle_checked = Clock::now();
      DetachIfIdle();
    }
  }
}

// The lock is given up between chunks, so that JavaScript never waits longer than one copy takes.
void Observer::DrainOnce() {
  for (;;) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (stopping_) return;
    const bool was_empty = queue_.empty();
    if (queued_bytes_ >= options_.queue_bytes) {
      if (!ring_.empty()) queue_full_++;
      NoteLoss(nullptr);
      return;
    }
    Chunk chunk;
    const bool taken = ring_.Take(kChunkBytes, &chunk);
    NoteLoss(&chunk);
    if (!taken && chunk.lost == 0) return;
    // What came in while this was copied can wait for the next look, unless it is much.
    const bool was_large = chunk.size > kChunkBytes / 2;
    queued_bytes_ += chunk.size;
    events_taken_ += chunk.events;
    queue_.push_back(std::move(chunk));
    lock.unlock();
    if (was_empty) wake_();
    if (!was_large) return;
  }
}

// Loss happened after the previous look and up to the kernel's own stamp. It goes with `last`, or
// with the next chunk that can be queued.
void Observer::NoteLoss(Chunk* last) {
  const uint64_t now_ns = MonotonicNs();
  const mo_cpu_counters sum = counters_.Sum();
  const uint64_t losses = sum.lost_events + sum.untracked_forks;
  if (losses > losses_seen_) {
    if (pending_loss_.lost == 0) pending_loss_.lost_from_ns = loss_checked_ns_;
    pending_loss_.lost += losses - losses_seen_;
    pending_loss_.lost_to_ns = sum.last_lost_ns;
    losses_seen_ = losses;
  }
  loss_checked_ns_ = now_ns;
  if (last == nullptr || pending_loss_.lost == 0) return;
  last->lost = pending_loss_.lost;
  last->lost_from_ns = pending_loss_.lost_from_ns;
  last->lost_to_ns = pending_loss_.lost_to_ns;
  pending_loss_.lost = 0;
}

void Observer::DetachIfIdle() {
  uint32_t any;
  if (open_gates_ > 0 || bpf_map_get_next_key(tracked_fd_, nullptr, &any) == 0) {
    last_busy_ = Clock::now();
    return;
  }
  if (Clock::now() - last_busy_ >= std::chrono::milliseconds(options_.detach_after_ms)) object_.Detach();
}

std::deque<Chunk> Observer::TakeQueued() {
  std::lock_guard<std::mutex> lock(mutex_);
  queued_bytes_ = 0;
  return std::exchange(queue_, {});
}

std::deque<Chunk> Observer::TakeAll() {
  std::lock_guard<std::mutex> lock(mutex_);
  queued_bytes_ = 0;
  std::deque<Chunk> chunks = std::exchange(queue_, {});
  const uint64_t goal = ring_.produced();
  const auto deadline = Clock::now() + kBusyWait;
  while (ring_.consumed() < goal) {
    Chunk chunk;
    if (ring_.Take(kChunkBytes, &chunk)) {
      events_taken_ += chunk.events;
      chunks.push_back(std::move(chunk));
    } else if (Clock::now() > deadline) {
      break;
    }
  }
  Chunk loss;
  NoteLoss(&loss);
  if (loss.lost > 0) chunks.push_back(std::move(loss));
  return chunks;
}

ObserverStats Observer::Stats() {
  std::lock_guard<std::mutex> lock(mutex_);
  uint64_t tracked = 0;
  uint32_t key;
  uint32_t* previous = nullptr;
  uint32_t next;
  while (bpf_map_get_next_key(tracked_fd_, previous, &next) == 0) {
    tracked++;
    key = next;
    previous = &key;
  }
  return {counters_.Sum(), events_taken_, queue_full_, queued_bytes_, attach_count_, tracked, object_.attached()};
}
