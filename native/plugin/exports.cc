// The functions that a host calls. No exception goes out of them, and none of them holds state.
#include <exception>
#include <new>

#include "event.h"
#include "plugin.h"

#ifdef MCP_AUDIT_OWN_RUNTIME
// The C++ library that is linked in keeps memory for throwing where there is none; nobody else gives
// it back when a host unloads the plugin.
namespace __gnu_cxx {
__attribute__((weak)) void __freeres();
}
__attribute__((destructor)) static void FreeRuntime() {
  if (__gnu_cxx::__freeres != nullptr) __gnu_cxx::__freeres();
}
#endif

#define MCP_AUDIT_EXPORT extern "C" __attribute__((visibility("default")))

using mcp_audit::Input;
using mcp_audit::Plugin;
using mcp_audit::Source;

namespace {

Plugin* PluginOf(void* state) { return static_cast<Plugin*>(state); }
Source* SourceOf(void* instance) { return static_cast<Source*>(instance); }

// Runs `work`; what it throws becomes the last error, and `otherwise` the result.
template <typename Result, typename Work>
Result Guarded(void* state, Result otherwise, Work work) noexcept {
  try {
    return work();
  } catch (const std::exception& error) {
    try {
      if (state != nullptr) PluginOf(state)->set_last_error(error.what());
    } catch (const std::bad_alloc&) {
      // There is no memory to say so.
    }
    return otherwise;
  }
}

}  // namespace

MCP_AUDIT_EXPORT const char* plugin_get_required_api_version() { return "3.0.0"; }
MCP_AUDIT_EXPORT const char* plugin_get_version() { return mcp_audit::kPluginVersion; }
MCP_AUDIT_EXPORT const char* plugin_get_name() { return "mcp_audit"; }
MCP_AUDIT_EXPORT const char* plugin_get_description() {
  return "MCP calls and what they did to the host, from mcp-observer's records";
}
MCP_AUDIT_EXPORT const char* plugin_get_contact() { return "the mcp-observer maintainers"; }
MCP_AUDIT_EXPORT uint32_t plugin_get_id() { return mcp_audit::kPluginId; }
MCP_AUDIT_EXPORT const char* plugin_get_event_source() { return mcp_audit::kEventSource; }
MCP_AUDIT_EXPORT const char* plugin_get_extract_event_sources() { return "[\"mcp_audit\"]"; }

MCP_AUDIT_EXPORT const char* plugin_get_fields() {
  return Guarded<const char*>(nullptr, "[]", [] { return mcp_audit::FieldsJson().c_str(); });
}

MCP_AUDIT_EXPORT const char* plugin_get_init_schema(falco_schema_type* type) {
  *type = FALCO_SCHEMA_JSON;
  return mcp_audit::ConfigSchema();
}

MCP_AUDIT_EXPORT const char* plugin_get_last_error(void* state) {
  return state == nullptr ? "out of memory" : PluginOf(state)->last_error();
}

// A state comes back also where rc says failure: the host asks it for the error, and destroys it.
MCP_AUDIT_EXPORT void* plugin_init(const falco_init_input* input, falco_rc* rc) {
  *rc = FALCO_FAILURE;
  auto* const plugin = new (std::nothrow) Plugin();
  if (plugin == nullptr) return nullptr;
  *rc = Guarded(plugin, FALCO_FAILURE, [&] {
    plugin->Configure(input->config);
    return FALCO_SUCCESS;
  });
  return plugin;
}

MCP_AUDIT_EXPORT void plugin_destroy(void* state) { delete PluginOf(state); }

MCP_AUDIT_EXPORT const char* plugin_list_open_params(void*, falco_rc* rc) {
  *rc = FALCO_SUCCESS;
  return mcp_audit::kOpenParamsList;
}

MCP_AUDIT_EXPORT void* plugin_open(void* state, const char* params, falco_rc* rc) {
  Source* const source = Guarded<Source*>(state, nullptr, [&] { return PluginOf(state)->Open(params); });
  *rc = source == nullptr ? FALCO_FAILURE : FALCO_SUCCESS;
  return source;
}

MCP_AUDIT_EXPORT void plugin_close(void* state, void* instance) { PluginOf(state)->Close(SourceOf(instance)); }

MCP_AUDIT_EXPORT falco_rc plugin_next_batch(void* state, void* instance, uint32_t* count, falco_event*** events) {
  *count = 0;
  return Guarded(state, FALCO_FAILURE, [&] {
    switch (PluginOf(state)->NextBatch(SourceOf(instance), count, events)) {
      case Input::State::kBytes:
        return FALCO_SUCCESS;
      case Input::State::kIdle:
        return FALCO_TIMEOUT;
      case Input::State::kEnded:
        break;
    }
    return FALCO_EOF;
  });
}

MCP_AUDIT_EXPORT const char* plugin_get_progress(void* state, void* instance, uint32_t* percent_of_percent) {
  *percent_of_percent = 0;
  return Guarded<const char*>(state, nullptr, [&] { return SourceOf(instance)->Progress(percent_of_percent); });
}

MCP_AUDIT_EXPORT const char* plugin_event_to_string(void* state, const falco_event_input* event) {
  return Guarded<const char*>(state, nullptr, [&] { return PluginOf(state)->Text(*event); });
}

MCP_AUDIT_EXPORT falco_rc plugin_extract_fields(void* state, const falco_event_input* event,
                                                const falco_field_extract_input* input) {
  return Guarded(state, FALCO_FAILURE, [&] {
    PluginOf(state)->Extract(*event, input->num_fields, input->fields);
    return FALCO_SUCCESS;
  });
}

MCP_AUDIT_EXPORT falco_metric* plugin_get_metrics(void* state, uint32_t* count) {
  *count = 0;
  return state == nullptr ? nullptr : PluginOf(state)->metrics(count);
}
