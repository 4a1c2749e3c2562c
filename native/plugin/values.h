// Values as a host gets them.
#pragma once

#include "arena.h"
#include "record.h"

namespace mcp_audit {

// Puts the value of `field` into `out`, whose field_id is not looked at: res_len 0 is "no value".
// A value is made once, in `arena`; later calls give the same pointers.
void PutValue(const Record& record, uint32_t field, bool sanitize, Arena* arena, falco_extract_field* out);

// A text of the record as a person may see it, or null.
const char* TextOf(const Record& record, FieldId field, bool sanitize, Arena* arena);

// False when the record has no such number.
bool NumberOf(const Record& record, FieldId field, uint64_t* number);

}  // namespace mcp_audit
