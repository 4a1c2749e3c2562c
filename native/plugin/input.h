// Where the bytes of a capture come from.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "block.h"
#include "metrics.h"
#include "open_params.h"

namespace mcp_audit {

// Reading has failed for good; the text is for people.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "PATH: reason (ENAME)".
std::string SystemError(const std::string& place, int error);

// Used by the one thread that asks for batches.
class Input {
 public:
  enum class State { kBytes, kIdle, kEnded };

  struct Progress {
    uint64_t read_bytes;
    // 0 where it is not known.
    uint64_t total_bytes;
  };

  virtual ~Input() = default;

  // Puts what is there into `block`, all of whose lines have been taken; never waits for more.
  // Throws InputError.
  virtual State Read(Block* block) = 0;

  // Waits until there may be something new, `timeout_ms` at most.
  virtual void Wait(int timeout_ms);

  virtual Progress progress() const = 0;
};

// Throws OpenError.
std::unique_ptr<Input> OpenInput(const OpenParams& params, Metrics* metrics);

}  // namespace mcp_audit
