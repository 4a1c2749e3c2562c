#include "record.h"

#include <algorithm>
#include <cstring>

#include "number.h"
#include "yyjson/yyjson.h"

namespace mcp_audit {
namespace {

constexpr uint8_t kNoField = 255;
// Numbers stay text: what a 64-bit integer makes of them is ours to say.
constexpr yyjson_read_flag kReadFlags = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW;

static_assert(RecordReader::kPadding >= YYJSON_PADDING_SIZE, "padding");

uint64_t Load(const char* at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

// Bytes behind a key can be read: at least its end, the line's and the padding.
uint8_t FieldOf(const char* key, size_t length) {
  if (length < 2 || length > 31) return kNoField;
  uint64_t head = Load(key);
  uint64_t tail = 0;
  if (length > 8) tail = Load(key + length - 8);
  else head &= ~uint64_t{0} >> (64 - 8 * length);
  const uint64_t mixed = (head ^ tail << 1) + length;
  const uint8_t field = kHashSlots[mixed * kHashMultiplier >> kHashShift];
  if (field == kNoField) return kNoField;
  const Field& row = kFields[field];
  return row.name_bytes == length && memcmp(row.name, key, length) == 0 ? field : kNoField;
}

// The value, where its JSON type is one that the field takes.
bool Take(FieldType type, yyjson_val* json, Value* value) {
  switch (unsafe_yyjson_get_type(json)) {
    case YYJSON_TYPE_STR:
      if (type != FieldType::kString && type != FieldType::kIpaddr) return false;
      value->text = unsafe_yyjson_get_str(json);
      value->length = static_cast<uint32_t>(unsafe_yyjson_get_len(json));
      value->state = Value::kText;
      return true;
    case YYJSON_TYPE_RAW:
      if (type != FieldType::kUint64 && type != FieldType::kAbstime) return false;
      value->text = unsafe_yyjson_get_raw(json);
      value->length = static_cast<uint32_t>(unsafe_yyjson_get_len(json));
      value->state = Value::kNumber;
      return true;
    case YYJSON_TYPE_BOOL:
      if (type != FieldType::kBool) return false;
      value->state = unsafe_yyjson_get_bool(json) ? Value::kTrue : Value::kFalse;
      return true;
    default:
      return false;
  }
}

bool TakeList(FieldType type, yyjson_val* json, Arena* arena, Value* value) {
  if (!unsafe_yyjson_is_arr(json)) return false;
  const size_t count = unsafe_yyjson_get_len(json);
  if (count == 0) return false;
  Value* const elements = arena->Take<Value>(count);
  uint32_t taken = 0;
  yyjson_val* element = unsafe_yyjson_get_first(json);
  for (size_t i = 0; i < count; i++, element = unsafe_yyjson_get_next(element)) {
    if (Take(type, element, &elements[taken])) taken++;
  }
  value->elements = elements;
  value->length = taken;
  value->state = Value::kList;
  return taken > 0;
}

// What a host gets must be known to be there: of the needed fields the numbers are read at once.
bool IsUsable(Value* value) {
  if (value == nullptr) return false;
  if (value->state != Value::kNumber) return true;
  uint64_t number;
  if (!ParseUint64(value->text, value->length, &number)) return false;
  value->number = number;
  value->length = 1;
  value->state = Value::kReady;
  return true;
}

}  // namespace

RecordReader::RecordReader(size_t max_bytes)
    : pool_bytes_(yyjson_read_max_memory_usage(max_bytes, kReadFlags)), pool_(new char[pool_bytes_]) {}

Verdict RecordReader::Read(char* line, size_t length, Arena* arena, Record* record) {
  yyjson_alc allocator;
  yyjson_alc_pool_init(&allocator, pool_.get(), pool_bytes_);
  uint64_t behind;
  memcpy(&behind, line + length, kPadding);
  memset(line + length, 0, kPadding);
  yyjson_doc* const document = yyjson_read_opts(line, length, kReadFlags, &allocator, nullptr);
  memcpy(line + length, &behind, kPadding);
  if (document == nullptr) return Verdict::kBrokenJson;
  yyjson_val* const root = yyjson_doc_get_root(document);
  if (!unsafe_yyjson_is_obj(root)) return Verdict::kBrokenJson;
  return Fill(root, arena, record);
}

Verdict RecordReader::Fill(void* object, Arena* arena, Record* record) {
  auto* const root = static_cast<yyjson_val*>(object);
  const size_t keys = unsafe_yyjson_get_len(root);
  uint64_t present[3] = {0, 0, 0};
  uint64_t seen[3] = {0, 0, 0};
  Value* const values = arena->Take<Value>(std::min<size_t>(keys, kFieldCount));
  uint32_t used = 0;
  yyjson_val* key = keys == 0 ? nullptr : unsafe_yyjson_get_first(root);
  for (size_t i = 0; i < keys; i++) {
    yyjson_val* const json = key + 1;
    const uint8_t field = FieldOf(unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key));
    key = unsafe_yyjson_get_next(json);
    if (field == kNoField) continue;
    const uint64_t bit = uint64_t{1} << (field & 63);
    const uint32_t word = field >> 6;
    // A key that comes again takes the place of the earlier one, also with no value.
    if (!(seen[word] & bit)) record->position_[field] = static_cast<uint8_t>(used++);
    seen[word] |= bit;
    Value* const value = &values[record->position_[field]];
    const Field& row = kFields[field];
    const bool fits = row.is_list ? TakeList(row.type, json, arena, value) : Take(row.type, json, value);
    if (fits) present[word] |= bit;
    else present[word] &= ~bit;
  }
  memcpy(record->present_, present, sizeof present);
  record->values_ = values;
  for (const FieldId field : kNeededFields) {
    if (!IsUsable(record->Find(field))) return Verdict::kMissingField;
  }
  record->timestamp_ = record->Find(k_timestamp)->number;
  return Verdict::kRecord;
}

}  // namespace mcp_audit
