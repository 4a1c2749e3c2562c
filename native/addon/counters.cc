#include "counters.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "fault.h"

Counters::Counters(int fd, size_t cpus) : cpus_(cpus) {
  const size_t page = sysconf(_SC_PAGESIZE);
  mapped_bytes_ = (cpus * sizeof(mo_cpu_counters) + page - 1) / page * page;
  void* address = mmap(nullptr, mapped_bytes_, PROT_READ, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    throw Fault("KERNEL_LOAD_FAILED", std::string("mmap of the counters: ") + strerror(errno));
  }
  elements_ = static_cast<const volatile mo_cpu_counters*>(address);
}

Counters::~Counters() { munmap(const_cast<mo_cpu_counters*>(elements_), mapped_bytes_); }

mo_cpu_counters Counters::Sum() const {
  mo_cpu_counters sum = {};
  for (size_t cpu = 0; cpu < cpus_; cpu++) {
    sum.lost_events += elements_[cpu].lost_events;
    sum.last_lost_ns = std::max<uint64_t>(sum.last_lost_ns, elements_[cpu].last_lost_ns);
    sum.read_faults += elements_[cpu].read_faults;
    sum.compat_syscalls += elements_[cpu].compat_syscalls;
    sum.io_uring_setups += elements_[cpu].io_uring_setups;
    sum.untracked_forks += elements_[cpu].untracked_forks;
  }
  return sum;
}
