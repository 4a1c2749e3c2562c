#include "plugin.h"

#include <algorithm>
#include <iterator>

#include "event_text.h"
#include "text.h"
#include "values.h"

namespace mcp_audit {
namespace {

const char* TypeName(FieldType type) {
  switch (type) {
    case FieldType::kUint64:
      return "uint64";
    case FieldType::kString:
      return "string";
    case FieldType::kAbstime:
      return "abstime";
    case FieldType::kBool:
      return "bool";
    case FieldType::kIpaddr:
      return "ipaddr";
  }
  return "";
}

void AppendJsonString(const char* text, std::string* json) {
  *json += '"';
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') *json += '\\';
    *json += *text;
  }
  *json += '"';
}

}  // namespace

Source* Plugin::Open(const char* params) {
  sources_.push_back(std::make_unique<Source>(ParseOpenParams(params), config_, &metrics_));
  return sources_.back().get();
}

void Plugin::Close(Source* source) {
  last_event_ = nullptr;
  const auto own = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.get() == source; });
  if (own != sources_.end()) sources_.erase(own);
}

const Record* Plugin::RecordOf(const falco_event* event, Arena** arena) {
  if (event == last_event_) {
    *arena = last_arena_;
    return last_record_;
  }
  for (const auto& source : sources_) {
    if (const Record* const record = source->RecordOf(event)) {
      last_event_ = event;
      last_record_ = record;
      *arena = last_arena_ = source->arena();
      return record;
    }
  }
  *arena = foreign_.arena();
  return foreign_.RecordOf(event);
}

void Plugin::Extract(const falco_event_input& event, uint32_t count, falco_extract_field* fields) {
  Arena* arena;
  const Record* const record = RecordOf(event.evt, &arena);
  for (uint32_t i = 0; i < count; i++) {
    if (record != nullptr && fields[i].field_id < kFieldCount)
      PutValue(*record, fields[i].field_id, config_.sanitize, arena, &fields[i]);
    else fields[i].res_len = 0;
  }
}

const char* Plugin::Text(const falco_event_input& event) {
  Arena* arena;
  const Record* const record = RecordOf(event.evt, &arena);
  text_ = record == nullptr ? "no record" : EventText(*record, arena);
  return text_.c_str();
}

falco_metric* Plugin::metrics(uint32_t* count) {
  const auto row = [](const char* name, const Counter& counter, falco_metric_type type) {
    falco_metric metric = {};
    metric.name = name;
    metric.type = type;
    metric.value.u64 = counter.value();
    metric.value_type = FALCO_METRIC_U64;
    return metric;
  };
  const falco_metric rows[] = {
      row("events", metrics_.events, FALCO_METRIC_MONOTONIC),
      row("bytes", metrics_.bytes, FALCO_METRIC_MONOTONIC),
      row("skipped_broken_json", metrics_.skipped_broken_json, FALCO_METRIC_MONOTONIC),
      row("skipped_too_long", metrics_.skipped_too_long, FALCO_METRIC_MONOTONIC),
      row("skipped_missing_field", metrics_.skipped_missing_field, FALCO_METRIC_MONOTONIC),
      row("lag_ms", metrics_.lag_ms, FALCO_METRIC_NON_MONOTONIC),
      row("rotations", metrics_.rotations, FALCO_METRIC_MONOTONIC),
      row("truncations", metrics_.truncations, FALCO_METRIC_MONOTONIC),
      row("reconnects", metrics_.reconnects, FALCO_METRIC_MONOTONIC),
  };
  static_assert(std::size(rows) == std::extent<decltype(metric_rows_)>::value, "a row a metric");
  std::copy(std::begin(rows), std::end(rows), metric_rows_);
  *count = std::size(rows);
  return metric_rows_;
}

void Plugin::set_last_error(const std::string& text) {
  last_error_.clear();
  for (const char c : text) last_error_ += (c >= 0 && c < ' ') || c == 0x7f ? '?' : c;
}

const std::string& FieldsJson() {
  static const std::string json = [] {
    std::string rows = "[";
    for (const Field& field : kFields) {
      if (rows.size() > 1) rows += ',';
      rows += "{\"type\":\"";
      rows += TypeName(field.type);
      rows += field.is_list ? "\",\"isList\":true" : "\"";
      rows += ",\"name\":\"mcp.";
      rows += field.name;
      rows += "\",\"desc\":";
      AppendJsonString(field.description, &rows);
      rows += '}';
    }
    return rows + "]";
  }();
  return json;
}

}  // namespace mcp_audit
