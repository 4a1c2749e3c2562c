// The init configuration.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace mcp_audit {

class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Config {
  size_t max_record_bytes = 65536;
  bool sanitize = true;
  // How long an idle next_batch waits.
  int poll_ms = 30;
  // Events that one next_batch gives at most.
  size_t batch_records = 512;
};

// `json` may be null or empty: the defaults. Throws ConfigError, which names the setting.
Config ParseConfig(const char* json);

// JSON Schema of the configuration, as ParseConfig checks it.
const char* ConfigSchema();

}  // namespace mcp_audit
