// The layout of a plugin event: header, two lengths, plugin id, the record's line.
#pragma once

#include <cstring>

#include "falco_abi.h"

namespace mcp_audit {

// The test id of Falco's registry, until one is assigned.
constexpr uint32_t kPluginId = 999;
constexpr const char kEventSource[] = "mcp_audit";

constexpr uint16_t kEventType = 322;
constexpr size_t kIdOffset = sizeof(falco_event) + 8;
constexpr size_t kPayloadOffset = kIdOffset + 4;
constexpr uint64_t kNoTid = UINT64_MAX;

// All but the payload, which has `length` bytes and stands at `to` + kPayloadOffset.
inline void WriteEventHeader(char* to, uint64_t timestamp, size_t length) {
  const falco_event header = {timestamp, kNoTid, static_cast<uint32_t>(kPayloadOffset + length), kEventType, 2};
  const uint32_t parameters[3] = {4, static_cast<uint32_t>(length), kPluginId};
  memcpy(to, &header, sizeof header);
  memcpy(to + sizeof header, parameters, sizeof parameters);
}

// The payload of any event that says it is a plugin's; false when it is none, or inconsistent.
inline bool ReadEvent(const falco_event* event, const char** payload, size_t* length) {
  falco_event header;
  memcpy(&header, event, sizeof header);
  if (header.type != kEventType || header.nparams != 2 || header.len < kPayloadOffset) return false;
  const auto* const bytes = reinterpret_cast<const char*>(event);
  uint32_t lengths[2];
  memcpy(lengths, bytes + sizeof header, sizeof lengths);
  if (lengths[0] != 4 || lengths[1] > header.len - kPayloadOffset) return false;
  *payload = bytes + kPayloadOffset;
  *length = lengths[1];
  return true;
}

}  // namespace mcp_audit
