#include "values.h"

#include <cstring>

#include "number.h"
#include "text.h"

namespace mcp_audit {
namespace {

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
      value->text = VisibleText(value->text, value->length, sanitize, arena);
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

// Null when there is no value.
Value* ReadyValue(const Record& record, uint32_t field, bool sanitize, Arena* arena) {
  Value* const value = record.Find(field);
  if (value == nullptr) return nullptr;
  if (value->state == Value::kReady) return value;
  if (value->state == Value::kList) MakeList(kFields[field].type, sanitize, arena, value);
  else if (value->state != Value::kNone) MakeSingle(kFields[field].type, sanitize, arena, value);
  return value->state == Value::kReady ? value : nullptr;
}

}  // namespace

void PutValue(const Record& record, uint32_t field, bool sanitize, Arena* arena, falco_extract_field* out) {
  Value* const value = ReadyValue(record, field, sanitize, arena);
  if (value == nullptr) {
    out->res_len = 0;
    return;
  }
  const bool is_array = kFields[field].is_list || kFields[field].type == FieldType::kIpaddr;
  // All members of the union are pointers: to an array of values, or to the one value.
  out->res.str = is_array ? static_cast<const char**>(value->values) : &value->text;
  out->res_len = value->length;
}

const char* TextOf(const Record& record, FieldId field, bool sanitize, Arena* arena) {
  if (kFields[field].type != FieldType::kString || kFields[field].is_list) return nullptr;
  const Value* const value = ReadyValue(record, field, sanitize, arena);
  return value == nullptr ? nullptr : value->text;
}

bool NumberOf(const Record& record, FieldId field, uint64_t* number) {
  if (kFields[field].type != FieldType::kUint64 || kFields[field].is_list) return false;
  const Value* const value = ReadyValue(record, field, true, nullptr);
  if (value == nullptr) return false;
  *number = value->number;
  return true;
}

}  // namespace mcp_audit
