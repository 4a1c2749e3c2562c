// The reader's side of a BPF ring buffer, mapped into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

struct FreeBytes {
  void operator()(uint8_t* bytes) const;
};

// Committed records, copied out with their ring headers.
struct Chunk {
  std::unique_ptr<uint8_t, FreeBytes> bytes;
  size_t size = 0;
  uint32_t events = 0;
  // Loss noticed after this chunk was copied and before the next one; lost == 0: none.
  uint64_t lost = 0;
  uint64_t lost_from_ns = 0;
  uint64_t lost_to_ns = 0;
};

// One thread at a time: the owner serialises the calls.
class Ring {
 public:
  // Maps the ring; throws Fault. `size` is the map's max_entries.
  Ring(int fd, size_t size);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Copies whole committed records, at most `max_bytes` of them (but at least one), and frees their
  // space. False when there is none.
  bool Take(size_t max_bytes, Chunk* chunk);
  bool empty() const;
  // Positions in bytes since the ring was made: what was reserved, and what was taken.
  uint64_t produced() const;
  uint64_t consumed() const;

 private:
  size_t size_;
  size_t page_;
  uint64_t* consumer_ = nullptr;
  const uint64_t* producer_ = nullptr;
  // The data is mapped twice in a row, so that a record never wraps.
  const uint8_t* data_ = nullptr;
};
