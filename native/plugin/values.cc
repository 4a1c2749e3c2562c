#include "values.h"

#include <cstring>

#include "number.h"
#include "text.h"

namespace mcp_audit {
namespace {

bool IsText(const Value& value) { return value.state == Value::kText || value.state == Value::kPlain; }

// False for a text that is no address.
bool MakeAddress(const Value& value, Arena* arena, falco_byte_buffer* buffer) {
  unsigned char address[16];
  const uint32_t bytes = ParseAddress(value.text, value.length, address);
  if (bytes == 0) return false;
  auto* const copy = arena->Take<unsigned char>(sizeof address);
  memcpy(copy, address, sizeof address);
  *buffer = {bytes, copy};
  return true;
}

void MakeSingle(FieldType type, bool sanitize, Arena* arena, Value* value) {
  switch (type) {
    case FieldType::kString:
      value->ready_text = VisibleText(value->text, value->length, sanitize, arena);
      break;
    case FieldType::kUint64:
    case FieldType::kAbstime: {
      uint64_t number;
      if (!ParseUint64(value->text, value->length, &number)) {
        value->state = Value::kNone;
        return;
      }
      value->number = number;
      break;
    }
    case FieldType::kBool:
      value->boolean = value->state == Value::kTrue;
      break;
    case FieldType::kIpaddr: {
      auto* const buffer = arena->Take<falco_byte_buffer>(1);
      if (!MakeAddress(*value, arena, buffer)) {
        value->state = Value::kNone;
        return;
      }
      value->values = buffer;
      break;
    }
  }
  value->length = 1;
  value->state = Value::kReady;
}

void MakeList(FieldType type, bool sanitize, Arena* arena, Value* value) {
  const uint32_t count = value->length;
  const Value* const elements = value->elements;
  // The quotes behind them: nobody needs these any more.
  for (uint32_t i = 0; i < count; i++) {
    if (IsText(elements[i])) elements[i].text[elements[i].length] = '\0';
  }
  uint32_t made = 0;
  switch (type) {
    case FieldType::kString: {
      auto* const texts = arena->Take<const char*>(count);
      for (; made < count; made++)
        texts[made] = VisibleText(elements[made].text, elements[made].length, sanitize, arena);
      value->values = texts;
      break;
    }
    case FieldType::kUint64:
    case FieldType::kAbstime: {
      auto* const numbers = arena->Take<uint64_t>(count);
      for (uint32_t i = 0; i < count; i++) {
        if (ParseUint64(elements[i].text, elements[i].length, &numbers[made])) made++;
      }
      value->values = numbers;
      break;
    }
    case FieldType::kBool: {
      auto* const booleans = arena->Take<falco_bool>(count);
      for (; made < count; made++) booleans[made] = elements[made].state == Value::kTrue;
      value->values = booleans;
      break;
    }
    case FieldType::kIpaddr: {
      auto* const buffers = arena->Take<falco_byte_buffer>(count);
      for (uint32_t i = 0; i < count; i++) {
        if (MakeAddress(elements[i], arena, &buffers[made])) made++;
      }
      value->values = buffers;
      break;
    }
  }
  value->length = made;
  value->state = made > 0 ? Value::kReady : Value::kNone;
}

}  // namespace

Value* MakeReady(Value* value, uint32_t field, bool sanitize, Arena* arena) {
  if (IsText(*value)) value->text[value->length] = '\0';
  if (value->state == Value::kList) MakeList(kFields[field].type, sanitize, arena, value);
  else MakeSingle(kFields[field].type, sanitize, arena, value);
  return value->state == Value::kReady ? value : nullptr;
}

const char* TextOf(const Record& record, FieldId field, bool sanitize, Arena* arena) {
  if (kFields[field].type != FieldType::kString || kFields[field].is_list) return nullptr;
  falco_extract_field out = {};
  PutValue(record, field, sanitize, arena, &out);
  return out.res_len == 0 ? nullptr : *out.res.str;
}

bool NumberOf(const Record& record, FieldId field, uint64_t* number) {
  if (kFields[field].type != FieldType::kUint64 || kFields[field].is_list) return false;
  falco_extract_field out = {};
  PutValue(record, field, true, nullptr, &out);
  if (out.res_len == 0) return false;
  *number = *out.res.u64;
  return true;
}

}  // namespace mcp_audit
