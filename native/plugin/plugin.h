// What one plugin_init makes: nothing is shared between two of them.
#pragma once

#include <string>
#include <vector>

#include "config.h"
#include "falco_abi.h"
#include "foreign_event.h"
#include "metrics.h"
#include "source.h"

namespace mcp_audit {

// Used by one thread at a time, but for metrics().
class Plugin {
 public:
  // Throws ConfigError.
  void Configure(const char* json) { config_ = ParseConfig(json); }

  // Throws OpenError.
  Source* Open(const char* params);
  void Close(Source* source);
  // As Source::NextBatch.
  Input::State NextBatch(Source* source, uint32_t* count, falco_event*** events) {
    last_event_ = nullptr;
    return source->NextBatch(count, events);
  }

  void Extract(const falco_event_input& event, uint32_t count, falco_extract_field* fields);
  // Valid until the next call.
  const char* Text(const falco_event_input& event);
  falco_metric* metrics(uint32_t* count);

  const char* last_error() const { return last_error_.c_str(); }
  // What a terminal must not see is replaced.
  void set_last_error(const std::string& text);

 private:
  const Record* RecordOf(const falco_event* event, Arena** arena);

  Config config_;
  Metrics metrics_;
  std::vector<std::unique_ptr<Source>> sources_;
  ForeignEvent foreign_;
  // The event of a batch that was asked for last, and its record: hosts ask for one field at a time.
  const falco_event* last_event_ = nullptr;
  const Record* last_record_ = nullptr;
  Arena* last_arena_ = nullptr;
  std::string text_;
  std::string last_error_;
  falco_metric metric_rows_[9];
};

// JSON for plugin_get_fields, made from kFields.
const std::string& FieldsJson();

}  // namespace mcp_audit
