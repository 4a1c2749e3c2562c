// What any plugin with this input has to do, and nothing else: reads lines, hands each over as an
// event, and has a value at hand for every field that is asked for. The plugin of mcp-observer is
// measured beside it. Open parameters: path of a file. Build: g++ -O2 -shared -fPIC -I native/plugin.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "falco_abi.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

constexpr uint32_t kId = 999;
constexpr uint32_t kHeader = sizeof(falco_event);
constexpr uint32_t kBeforePayload = kHeader + 3 * sizeof(uint32_t);
constexpr uint16_t kPluginEvent = 322;
constexpr size_t kBlockBytes = 256 << 10;
constexpr size_t kBatchEvents = 128;

struct Values {
  const char* text = "value";
  uint64_t number = 7;
  falco_bool flag = 0;
};

struct Source {
  int fd = -1;
  std::vector<char> block;
  size_t start = 0;
  size_t end = 0;
  std::vector<char> events;
  std::vector<falco_event*> batch;
  uint64_t number = 0;

  ~Source() {
    if (fd >= 0) close(fd);
  }

  // The next whole line, or null at the end.
  const char* Line(size_t* length) {
    for (;;) {
      const char* at = block.data() + start;
      if (const void* newline = memchr(at, '\n', end - start)) {
        *length = static_cast<const char*>(newline) - at;
        start += *length + 1;
        return at;
      }
      memmove(block.data(), at, end - start);
      end -= start;
      start = 0;
      if (end == block.size()) block.resize(2 * block.size());
      const ssize_t bytes = read(fd, block.data() + end, block.size() - end);
      if (bytes <= 0) return nullptr;
      end += bytes;
    }
  }
};

void Append(std::vector<char>& bytes, const void* value, size_t size) {
  const char* from = static_cast<const char*>(value);
  bytes.insert(bytes.end(), from, from + size);
}

}  // namespace

EXPORT const char* plugin_get_required_api_version() { return "3.0.0"; }
EXPORT const char* plugin_get_version() { return "0.1.0"; }
EXPORT const char* plugin_get_name() { return "no_parse"; }
EXPORT const char* plugin_get_description() { return "reads lines and parses nothing"; }
EXPORT const char* plugin_get_contact() { return "none"; }
EXPORT const char* plugin_get_last_error(void*) { return "cannot read the file"; }
EXPORT uint32_t plugin_get_id() { return kId; }
EXPORT const char* plugin_get_event_source() { return "mcp_audit"; }
EXPORT const char* plugin_get_extract_event_sources() { return "[\"mcp_audit\"]"; }

EXPORT void* plugin_init(const falco_init_input*, falco_rc* rc) {
  *rc = FALCO_SUCCESS;
  return new Values;
}

EXPORT void plugin_destroy(void* state) { delete static_cast<Values*>(state); }

EXPORT const char* plugin_get_fields() {
  return R"([
    {"name":"mcp.method","type":"string","desc":"-"},
    {"name":"mcp.tool_name","type":"string","desc":"-"},
    {"name":"mcp.session_id","type":"string","desc":"-"},
    {"name":"mcp.server_host","type":"string","desc":"-"},
    {"name":"mcp.outcome","type":"string","desc":"-"},
    {"name":"mcp.transport","type":"string","desc":"-"},
    {"name":"mcp.coverage","type":"string","desc":"-"},
    {"name":"mcp.request_bytes","type":"uint64","desc":"-"},
    {"name":"mcp.response_bytes","type":"uint64","desc":"-"},
    {"name":"mcp.tls","type":"bool","desc":"-"}])";
}

EXPORT void* plugin_open(void*, const char* params, falco_rc* rc) {
  Source* source = new Source;
  source->fd = open(params, O_RDONLY | O_CLOEXEC);
  source->block.resize(kBlockBytes);
  source->batch.reserve(kBatchEvents);
  *rc = source->fd < 0 ? FALCO_FAILURE : FALCO_SUCCESS;
  return source;
}

EXPORT void plugin_close(void*, void* instance) { delete static_cast<Source*>(instance); }

EXPORT falco_rc plugin_next_batch(void*, void* instance, uint32_t* count, falco_event*** events) {
  Source& source = *static_cast<Source*>(instance);
  source.events.clear();
  source.batch.clear();
  size_t offsets[kBatchEvents];
  size_t n = 0;
  size_t length;
  while (n < kBatchEvents) {
    const char* line = source.Line(&length);
    if (line == nullptr) break;
    const uint32_t size = static_cast<uint32_t>(length) + 1;
    falco_event event;
    event.ts = 1700000000000000000 + source.number++;
    event.tid = UINT64_MAX;
    event.len = kBeforePayload + size;
    event.type = kPluginEvent;
    event.nparams = 2;
    const uint32_t prefix[3] = {sizeof kId, size, kId};
    offsets[n++] = source.events.size();
    Append(source.events, &event, kHeader);
    Append(source.events, prefix, sizeof prefix);
    Append(source.events, line, length);
    source.events.push_back('\0');
  }
  for (size_t i = 0; i < n; i++) {
    source.batch.push_back(reinterpret_cast<falco_event*>(source.events.data() + offsets[i]));
  }
  *count = static_cast<uint32_t>(n);
  *events = source.batch.data();
  return n == 0 ? FALCO_EOF : FALCO_SUCCESS;
}

EXPORT falco_rc plugin_extract_fields(void* state, const falco_event_input*,
                                      const falco_field_extract_input* input) {
  Values& values = *static_cast<Values*>(state);
  for (uint32_t i = 0; i < input->num_fields; i++) {
    falco_extract_field& field = input->fields[i];
    field.res_len = 1;
    if (field.ftype == FALCO_STRING) field.res.str = &values.text;
    else if (field.ftype == FALCO_UINT64) field.res.u64 = &values.number;
    else field.res.boolean = &values.flag;
  }
  return FALCO_SUCCESS;
}

EXPORT const char* plugin_event_to_string(void*, const falco_event_input*) { return "event"; }
