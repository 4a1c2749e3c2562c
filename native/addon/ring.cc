#include "ring.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "fault.h"

void FreeBytes::operator()(uint8_t* bytes) const { free(bytes); }

Ring::Ring(int fd, size_t size) : size_(size), page_(sysconf(_SC_PAGESIZE)) {
  void* consumer = mmap(nullptr, page_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (consumer == MAP_FAILED) throw Fault("KERNEL_LOAD_FAILED", std::string("mmap of the ring: ") + strerror(errno));
  void* producer = mmap(nullptr, page_ + 2 * size_, PROT_READ, MAP_SHARED, fd, page_);
  if (producer == MAP_FAILED) {
    const int error = errno;
    munmap(consumer, page_);
    throw Fault("KERNEL_LOAD_FAILED", std::string("mmap of the ring: ") + strerror(error));
  }
  consumer_ = static_cast<uint64_t*>(consumer);
  producer_ = static_cast<const uint64_t*>(producer);
  data_ = static_cast<const uint8_t*>(producer) + page_;
}

Ring::~Ring() {
  munmap(consumer_, page_);
  munmap(const_cast<uint64_t*>(producer_), page_ + 2 * size_);
}

uint64_t Ring::produced() const { return __atomic_load_n(producer_, __ATOMIC_ACQUIRE); }
uint64_t Ring::consumed() const { return __atomic_load_n(consumer_, __ATOMIC_RELAXED); }
bool Ring::empty() const { return produced() == consumed(); }

bool Ring::Take(size_t max_bytes, Chunk* chunk) {
  const uint64_t begin = consumed();
  const uint64_t limit = produced();
  uint64_t end = begin;
  uint32_t events = 0;
  while (end < limit) {
    const auto* header = reinterpret_cast<const uint32_t*>(data_ + (end & (size_ - 1)));
    const uint32_t word = __atomic_load_n(header, __ATOMIC_ACQUIRE);
    if (word & BPF_RINGBUF_BUSY_BIT) break;
    const uint64_t length = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    const uint64_t next = end + ((length + BPF_RINGBUF_HDR_SZ + 7) & ~7ull);
    if (next - begin > max_bytes && end != begin) break;
    if (!(word & BPF_RINGBUF_DISCARD_BIT)) events++;
    end = next;
  }
  if (end == begin) return false;

  const size_t size = end - begin;
  auto* bytes = static_cast<uint8_t*>(malloc(size));
  if (bytes == nullptr) throw std::bad_alloc();
  memcpy(bytes, data_ + (begin & (size_ - 1)), size);
  __atomic_store_n(consumer_, end, __ATOMIC_RELEASE);
  chunk->bytes.reset(bytes);
  chunk->size = size;
  chunk->events = events;
  return true;
}
