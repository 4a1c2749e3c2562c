// One row of the table of fields (fields.gen.h).
#pragma once

#include <cstdint>

#include "falco_abi.h"

namespace mcp_audit {

enum class FieldType : uint32_t {
  kUint64 = FALCO_UINT64,
  kString = FALCO_STRING,
  kAbstime = FALCO_ABSTIME,
  kBool = FALCO_BOOL,
  kIpaddr = FALCO_IPADDR,
};

struct Field {
  // Key in the record; the Falco field is "mcp." and the same.
  const char* name;
  uint32_t name_bytes;
  FieldType type;
  bool is_list;
  const char* description;
};

}  // namespace mcp_audit
