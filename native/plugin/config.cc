#include "config.h"

#include <cstdint>
#include <cstring>
#include <memory>

#include <yyjson.h>

namespace mcp_audit {
namespace {

struct Bounds {
  uint64_t min;
  uint64_t max;
};

// The schema below names the same bounds; a test compares the two.
constexpr Bounds kMaxRecordBytes = {1024, 1048576};
constexpr Bounds kPollMs = {1, 100};
constexpr Bounds kBatchRecords = {1, 4096};

constexpr const char kSchema[] = R"({
  "$schema": "http://json-schema.org/draft-04/schema#",
  "title": "mcp_audit",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "max_record_bytes": {
      "type": "integer", "minimum": 1024, "maximum": 1048576,
      "title": "Longest record", "description": "Longer lines are skipped and counted. Default 65536."
    },
    "sanitize": {
      "type": "boolean",
      "title": "Sanitize text",
      "description": "Show control and invisible characters as escapes. Default true; without it only NUL is."
    },
    "poll_ms": {
      "type": "integer", "minimum": 1, "maximum": 100,
      "title": "Poll interval", "description": "How long to wait where nothing is new, in milliseconds. Default 30."
    },
    "batch_records": {
      "type": "integer", "minimum": 1, "maximum": 4096,
      "title": "Records a batch", "description": "How many records are handed over at once, at most. Default 512."
    }
  }
})";

uint64_t Number(const char* name, yyjson_val* value, Bounds bounds) {
  // A negative one is of another subtype.
  if (yyjson_is_uint(value)) {
    const uint64_t number = yyjson_get_uint(value);
    if (number >= bounds.min && number <= bounds.max) return number;
  }
  throw ConfigError(std::string("init config: ") + name + " must be an integer from " + std::to_string(bounds.min) +
                    " to " + std::to_string(bounds.max));
}

void Apply(const char* name, yyjson_val* value, Config* config) {
  if (strcmp(name, "max_record_bytes") == 0) {
    config->max_record_bytes = Number(name, value, kMaxRecordBytes);
  } else if (strcmp(name, "poll_ms") == 0) {
    config->poll_ms = static_cast<int>(Number(name, value, kPollMs));
  } else if (strcmp(name, "batch_records") == 0) {
    config->batch_records = Number(name, value, kBatchRecords);
  } else if (strcmp(name, "sanitize") == 0) {
    if (!yyjson_is_bool(value)) throw ConfigError("init config: sanitize must be true or false");
    config->sanitize = yyjson_get_bool(value);
  } else {
    throw ConfigError(std::string("init config: unknown setting \"") + name +
                      "\"; there are max_record_bytes, sanitize, poll_ms and batch_records");
  }
}

struct FreeDocument {
  void operator()(yyjson_doc* document) const { yyjson_doc_free(document); }
};

}  // namespace

Config ParseConfig(const char* json) {
  Config config;
  if (json == nullptr || json[0] == '\0') return config;
  yyjson_read_err error;
  // Not in situ: the text is the host's, and is not changed.
  const std::unique_ptr<yyjson_doc, FreeDocument> document(
      yyjson_read_opts(const_cast<char*>(json), strlen(json), YYJSON_READ_NOFLAG, nullptr, &error));
  if (!document)
    throw ConfigError(std::string("init config: not JSON: ") + error.msg + " at byte " + std::to_string(error.pos));
  yyjson_val* const root = yyjson_doc_get_root(document.get());
  if (!yyjson_is_obj(root)) throw ConfigError("init config: not a JSON object such as {\"sanitize\": true}");
  yyjson_obj_iter iterator = yyjson_obj_iter_with(root);
  while (yyjson_val* const key = yyjson_obj_iter_next(&iterator))
    Apply(yyjson_get_str(key), yyjson_obj_iter_get_val(key), &config);
  return config;
}

const char* ConfigSchema() { return kSchema; }

}  // namespace mcp_audit
