#include "record_reader.h"

#include <algorithm>
#include <cstring>

#include "field_lookup.h"
#include <yyjson.h>

namespace mcp_audit {
namespace {

// Numbers stay text: what a 64-bit integer makes of them is ours to say.
constexpr yyjson_read_flag kReadFlags = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW;

static_assert(RecordReader::kPadding >= YYJSON_PADDING_SIZE, "padding");

// The value, where its JSON type is one that the field takes, else kNone.
void Take(FieldType type, yyjson_val* json, Value* value) {
  value->state = Value::kNone;
  switch (yyjson_get_type(json)) {
    case YYJSON_TYPE_STR:
      if (type != FieldType::kString && type != FieldType::kIpaddr) return;
      // It is the line's memory.
      value->text = const_cast<char*>(yyjson_get_str(json));
      value->length = static_cast<uint32_t>(yyjson_get_len(json));
      value->state = Value::kText;
      return;
    case YYJSON_TYPE_RAW:
      if (type != FieldType::kUint64 && type != FieldType::kAbstime) return;
      value->text = const_cast<char*>(yyjson_get_raw(json));
      value->length = static_cast<uint32_t>(yyjson_get_len(json));
      value->state = Value::kNumber;
      return;
    case YYJSON_TYPE_BOOL:
      if (type == FieldType::kBool) value->state = yyjson_get_bool(json) ? Value::kTrue : Value::kFalse;
      return;
    default:
      return;
  }
}

void TakeList(FieldType type, yyjson_val* json, Arena* arena, Value* value) {
  value->state = Value::kNone;
  const size_t count = yyjson_arr_size(json);
  if (count == 0) return;
  Value* const elements = arena->Take<Value>(count);
  uint32_t taken = 0;
  yyjson_arr_iter iterator = yyjson_arr_iter_with(json);
  while (yyjson_val* const element = yyjson_arr_iter_next(&iterator)) {
    Take(type, element, &elements[taken]);
    if (elements[taken].state != Value::kNone) taken++;
  }
  if (taken == 0) return;
  value->elements = elements;
  value->length = taken;
  value->state = Value::kList;
}

}  // namespace

RecordReader::RecordReader(size_t max_bytes)
    : pool_bytes_(yyjson_read_max_memory_usage(max_bytes, kReadFlags)), pool_(new char[pool_bytes_]) {}

Verdict RecordReader::Read(char* line, size_t length, Arena* arena, Record* record) {
  const bool is_object = plain_.Read(line, length, arena, record) || ReadAnyJson(line, length, arena, record);
  if (!is_object) return Verdict::kBrokenJson;
  return record->HasNeeded() ? Verdict::kRecord : Verdict::kMissingField;
}

bool RecordReader::ReadAnyJson(char* line, size_t length, Arena* arena, Record* record) {
  yyjson_alc allocator;
  yyjson_alc_pool_init(&allocator, pool_.get(), pool_bytes_);
  char behind[YYJSON_PADDING_SIZE];
  memcpy(behind, line + length, sizeof behind);
  memset(line + length, 0, sizeof behind);
  yyjson_doc* const document = yyjson_read_opts(line, length, kReadFlags, &allocator, nullptr);
  memcpy(line + length, behind, sizeof behind);
  yyjson_val* const root = yyjson_doc_get_root(document);
  if (!yyjson_is_obj(root)) return false;
  auto* const values = arena->Take<Value>(std::min<size_t>(yyjson_obj_size(root), kFieldCount));
  Record::Builder builder(record, values);
  yyjson_obj_iter iterator = yyjson_obj_iter_with(root);
  while (yyjson_val* const key = yyjson_obj_iter_next(&iterator)) {
    const uint8_t field = FieldOf(yyjson_get_str(key), yyjson_get_len(key));
    if (field == kNoField) continue;
    const Field& row = kFields[field];
    yyjson_val* const json = yyjson_obj_iter_get_val(key);
    if (row.is_list) TakeList(row.type, json, arena, builder.Slot(field));
    else Take(row.type, json, builder.Slot(field));
  }
  builder.End(values);
  return true;
}

}  // namespace mcp_audit
