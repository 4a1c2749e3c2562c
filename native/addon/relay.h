// Passes bytes on between a client and a server on a thread of its own, and keeps a copy of them with
// the moments at which they went by. No byte moves before there is room for its copy: whoever looks
// at the copies can slow the relay down, and misses nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

// A file descriptor and what may be asked of it.
struct RelayEnd {
  int fd = -1;
  bool is_socket = false;
};

// The stream that this process has as `fd`, made so that using it never blocks and nobody who shares
// it notices. `fd` is -1 where that cannot be done (a file, a terminal, a FIFO with a name). The
// descriptor stays the same where `replace`, else it is a new one.
RelayEnd AdoptClientEnd(int fd, bool for_reading, bool replace);

enum class Way : uint32_t { kToServer = 0, kToClient = 1 };

// Added to a piece's way: no more bytes come, and whether that is because the source has ended.
constexpr uint32_t kWayIsOver = 2;
constexpr uint32_t kWayIsOverByItself = 4;

// What stands before each copy, in the byte order of the machine. The copy is padded to eight bytes.
struct PieceHeader {
  uint32_t way;
  uint32_t size;
  // CLOCK_MONOTONIC. To the server: just before these bytes were handed on; to the client: just after
  // they were read.
  uint64_t at_ns;
};

// Memory for copies; owned by whoever made the relay, for as long as the relay is there.
struct Batch {
  uint8_t* bytes = nullptr;
  size_t capacity = 0;
};

class Relay {
 public:
  // A batch has to have room for this at least.
  static constexpr size_t kMinBatchBytes = 192 * 1024;

  // How long a copy may lie before somebody is told. Waking the taker for each message would take the
  // processor away from those who wait for the message.
  static constexpr uint64_t kTellWithinMs = 5;

  // Takes the descriptors over. `wake` is called on the relay's thread when there is something to take: after
  // kTellWithinMs, or at once where a way is over or room is short; and not again before it was taken.
  // Throws std::system_error.
  Relay(RelayEnd from_client, RelayEnd to_client, RelayEnd from_server, RelayEnd to_server, Batch first,
        Batch second, std::function<void()> wake);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // The rest runs on the thread that made the relay.

  // Gives a direction up, with what was read and not yet handed on.
  void Stop(Way way);
  // Gives the way to the client up once nothing has come for this long while the client takes all it gets.
  void GiveUpWhenIdle(uint32_t idle_ms);
  // The batch that was being filled is the caller's, until the next call; the first call gives the first
  // one, and then they take turns. How much of it is used.
  size_t Take();

 private:
  struct Direction {
    explicit Direction(Way which) : way(which) {}
    const Way way;
    RelayEnd source;
    RelayEnd target;
    std::unique_ptr<uint8_t[]> chunk;
    size_t begin = 0;
    size_t end = 0;
    bool is_over = false;
    std::atomic<bool> stopped{false};
    bool pending() const { return begin < end; }
  };

  void Run();
  void Round();
  void Read(Direction& direction);
  void Write(Direction& direction);
  void Finish(Direction& direction, bool by_itself);
  bool HasRoom();
  void Tell();
  uint64_t TellByNs();
  void Push(Way way, uint32_t how, const uint8_t* bytes, size_t size, uint64_t at_ns);

  const std::function<void()> wake_;
  const int command_fd_;
  // Used by the relay's thread alone, but for `stopped`.
  Direction to_server_{Way::kToServer};
  Direction to_client_{Way::kToClient};
  uint64_t to_client_active_ns_ = 0;
  std::atomic<bool> closing_{false};
  // Zero: no limit. The moment is set before the limit is.
  std::atomic<uint32_t> idle_ms_{0};
  std::atomic<uint64_t> idle_from_ns_{0};
  std::mutex mutex_;
  // Under the mutex. The memory of batch `filling_` is the relay's, that of the other one the taker's.
  const Batch batches_[2];
  int filling_ = 0;
  size_t used_ = 0;
  bool waits_for_room_ = false;
  // Whether `wake` was called for what is there, and if not, by when it has to be.
  bool is_told_ = false;
  uint64_t tell_by_ns_ = 0;
  std::thread thread_;
};
