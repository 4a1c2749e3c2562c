// Values as a host gets them.
#pragma once

#include "arena.h"
#include "record.h"

namespace mcp_audit {

// Makes the value as the host gets it, in `arena`; null when there is none.
Value* MakeReady(Value* value, uint32_t field, bool sanitize, Arena* arena);

// Puts the value of `field` into `out`, whose field_id is not looked at: res_len 0 is "no value".
// A value is made once, in `arena`; later calls give the same pointers.
inline void PutValue(const Record& record, uint32_t field, bool sanitize, Arena* arena, falco_extract_field* out) {
  Value* value = record.Find(field);
  if (value != nullptr && value->state == Value::kPlain && kFields[field].type == FieldType::kString) {
    // The quote behind it: nobody needs that any more.
    value->text[value->length] = '\0';
    value->length = 1;
    value->state = Value::kReady;
  } else if (value != nullptr && value->state != Value::kReady) {
    value = MakeReady(value, field, sanitize, arena);
  }
  if (value == nullptr) {
    out->res_len = 0;
    return;
  }
  const bool is_array = kFields[field].is_list || kFields[field].type == FieldType::kIpaddr;
  // All members of the union are pointers: to an array of values, or to the one value.
  out->res.str = is_array ? static_cast<const char**>(value->values) : &value->ready_text;
  out->res_len = value->length;
}

// A text of the record as a person may see it, or null.
const char* TextOf(const Record& record, FieldId field, bool sanitize, Arena* arena);

// False when the record has no such number.
bool NumberOf(const Record& record, FieldId field, uint64_t* number);

}  // namespace mcp_audit
