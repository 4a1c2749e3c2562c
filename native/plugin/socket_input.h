// The agent's feed: a unix socket that sends records as lines.
#pragma once

#include <string>

#include "input.h"
#include "unique_fd.h"

namespace mcp_audit {

class SocketInput : public Input {
 public:
  // Connects; with `follow` it connects again, and again, when that fails or the connection ends.
  // Throws OpenError.
  SocketInput(const std::string& path, bool follow, Metrics* metrics);

  State Read(Block* block) override;
  void Wait(int timeout_ms) override;
  Progress progress() const override { return {read_bytes_, 0}; }

 private:
  // 0, or the error.
  int Connect();
  void PutOff();

  const std::string path_;
  const bool follow_;
  Metrics* const metrics_;
  UniqueFd fd_;
  HalfLine half_;
  bool was_connected_ = false;
  int64_t retry_delay_ms_;
  int64_t retry_at_ms_ = 0;
  uint64_t read_bytes_ = 0;
};

}  // namespace mcp_audit
