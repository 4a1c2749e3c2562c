// One open observer: the loaded object, the tracked processes, and the thread that empties the ring.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bpf_object.h"
#include "counters.h"
#include "ring.h"

struct ObserverOptions {
  std::string object_path;
  size_t ring_bytes;
  size_t queue_bytes;
  uint32_t detach_after_ms;
};

struct ObserverStats {
  mo_cpu_counters counters;
  uint64_t events;  // taken out of the ring
  uint64_t queue_full;
  uint64_t queued_bytes;
  uint64_t attach_count;
  uint64_t tracked_processes;
  bool attached;
};

class Observer {
 public:
  // Loads the programs and starts the drain thread; throws Fault. `wake` is called on the drain
  // thread when the queue gets its first chunk; it must not block.
  Observer(const ObserverOptions& options, std::function<void()> wake);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // The calling thread's next forks start trees `tree_id`, until the gate is closed.
  void OpenGate(uint32_t tree_id);
  void CloseGate();
  // Enters a process; false if it was entered before and `only_new` is set, or if it has ended.
  bool Track(uint32_t pid, uint32_t tree_id, bool only_new);
  void Untrack(uint32_t tree_id);

  // The chunks that the drain thread has queued.
  std::deque<Chunk> TakeQueued();
  // These, and everything that was in the ring when the call began.
  std::deque<Chunk> TakeAll();

  ObserverStats Stats();
  const BpfObject& object() const { return object_; }

 private:
  using Clock = std::chrono::steady_clock;

  void Run();
  void DrainOnce();
  void NoteLoss(Chunk* last);
  void AttachLocked();
  void DetachIfIdle();

  const ObserverOptions options_;
  const std::function<void()> wake_;

  // Everything below is guarded by mutex_, but for thread_.
  std::mutex mutex_;
  std::condition_variable changed_;
  BpfObject object_;
  Ring ring_;
  Counters counters_;
  const int tracked_fd_;
  const int spawners_fd_;
  std::deque<Chunk> queue_;
  size_t queued_bytes_ = 0;
  uint64_t events_taken_ = 0;
  uint64_t queue_full_ = 0;
  uint64_t attach_count_ = 0;
  uint32_t open_gates_ = 0;
  uint64_t losses_seen_ = 0;
  uint64_t loss_checked_ns_ = 0;
  Chunk pending_loss_;
  Clock::time_point last_busy_;
  bool stopping_ = false;

  std::thread thread_;
};
