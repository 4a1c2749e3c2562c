#pragma once

#include <time.h>

#include <cstdint>

namespace mcp_audit {

inline int64_t ToNs(const timespec& time) { return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec; }

// For durations.
inline int64_t NowMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return ToNs(now) / 1'000'000;
}

// Unix time: what records and files carry.
inline int64_t WallNs() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return ToNs(now);
}

}  // namespace mcp_audit
