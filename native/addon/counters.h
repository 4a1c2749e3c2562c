// The programs' counters, mapped into memory: read without a system call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "events.h"

class Counters {
 public:
  // Maps the array of `cpus` elements; throws Fault.
  Counters(int fd, size_t cpus);
  ~Counters();
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  // Sums over all CPUs; last_lost_ns is the latest.
  mo_cpu_counters Sum() const;

 private:
  size_t cpus_;
  size_t mapped_bytes_;
  const volatile mo_cpu_counters* elements_;
};
