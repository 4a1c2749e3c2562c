// Standard input, named pipes and other things that can only be read on.
#pragma once

#include <string>

#include "input.h"
#include "unique_fd.h"

namespace mcp_audit {

class StreamInput : public Input {
 public:
  // Standard input.
  StreamInput();
  // A pipe or device. With `follow` its end is only that of a writer. Throws OpenError.
  StreamInput(const std::string& path, bool follow);

  State Read(Block* block) override;
  void Wait(int timeout_ms) override;
  Progress progress() const override { return {read_bytes_, 0}; }

 private:
  // Owned only when it was opened here.
  UniqueFd owned_;
  int fd_;
  std::string name_;
  bool follow_;
  HalfLine half_;
  uint64_t read_bytes_ = 0;
};

}  // namespace mcp_audit
