// Memory that is given out piece by piece and taken back all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace mcp_audit {

// Owned by one batch; used by the thread that calls the plugin.
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Memory for `count` of T, aligned to 8, not initialised; valid until Reset.
  template <typename T>
  T* Take(size_t count) {
    static_assert(alignof(T) <= 8, "aligned to 8 only");
    return static_cast<T*>(TakeBytes(count * sizeof(T)));
  }

  // Keeps the blocks for the next use, all but those beyond the bound.
  void Reset() {
    if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
    block_ = 0;
    used_ = 0;
  }

 private:
  static constexpr size_t kBlockBytes = 256 << 10;
  static constexpr size_t kKeptBlocks = 16;

  struct Block {
    std::unique_ptr<uint64_t[]> words;
    size_t bytes;
  };

  void* TakeBytes(size_t bytes) {
    bytes = (bytes + 7) & ~size_t{7};
    while (block_ < blocks_.size()) {
      Block& block = blocks_[block_];
      if (block.bytes - used_ >= bytes) {
        void* piece = reinterpret_cast<char*>(block.words.get()) + used_;
        used_ += bytes;
        return piece;
      }
      block_++;
      used_ = 0;
    }
    const size_t size = bytes > kBlockBytes ? bytes : kBlockBytes;
    blocks_.push_back({std::unique_ptr<uint64_t[]>(new uint64_t[size / 8]), size});
    used_ = bytes;
    return blocks_.back().words.get();
  }

  std::vector<Block> blocks_;
  size_t block_ = 0;
  size_t used_ = 0;
};

}  // namespace mcp_audit
