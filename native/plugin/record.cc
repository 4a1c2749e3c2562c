#include "record.h"

#include "number.h"

namespace mcp_audit {

bool Record::HasNeeded() {
  for (const FieldId field : kNeededFields) {
    Value* const value = Find(field);
    if (value == nullptr) return false;
    if (value->state != Value::kNumber) continue;
    uint64_t number;
    if (!ParseUint64(value->text, value->length, &number)) return false;
    value->number = number;
    value->length = 1;
    value->state = Value::kReady;
  }
  return true;
}

}  // namespace mcp_audit
