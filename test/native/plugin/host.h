// A small host: loads the plugin as Falco does, through its exported functions alone.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "../../../native/plugin/falco_abi.h"

class Library {
 public:
  // Null is the program itself.
  explicit Library(const char* path) : handle_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) Fail(dlerror());
    Bind("plugin_get_required_api_version", &get_required_api_version);
    Bind("plugin_get_version", &get_version);
    Bind("plugin_get_name", &get_name);
    Bind("plugin_get_description", &get_description);
    Bind("plugin_get_contact", &get_contact);
    Bind("plugin_get_id", &get_id);
    Bind("plugin_get_event_source", &get_event_source);
    Bind("plugin_get_extract_event_sources", &get_extract_event_sources);
    Bind("plugin_get_fields", &get_fields);
    Bind("plugin_get_init_schema", &get_init_schema);
    Bind("plugin_get_last_error", &get_last_error);
    Bind("plugin_init", &init);
    Bind("plugin_destroy", &destroy);
    Bind("plugin_list_open_params", &list_open_params);
    Bind("plugin_open", &open);
    Bind("plugin_close", &close);
    Bind("plugin_next_batch", &next_batch);
    Bind("plugin_get_progress", &get_progress);
    Bind("plugin_event_to_string", &event_to_string);
    Bind("plugin_extract_fields", &extract_fields);
    Bind("plugin_get_metrics", &get_metrics);
  }
  ~Library() { dlclose(handle_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  [[noreturn]] static void Fail(const std::string& why) {
    fprintf(stderr, "host: %s\n", why.c_str());
    exit(2);
  }

  const char* (*get_required_api_version)();
  const char* (*get_version)();
  const char* (*get_name)();
  const char* (*get_description)();
  const char* (*get_contact)();
  uint32_t (*get_id)();
  const char* (*get_event_source)();
  const char* (*get_extract_event_sources)();
  const char* (*get_fields)();
  const char* (*get_init_schema)(falco_schema_type*);
  const char* (*get_last_error)(void*);
  void* (*init)(const falco_init_input*, falco_rc*);
  void (*destroy)(void*);
  const char* (*list_open_params)(void*, falco_rc*);
  void* (*open)(void*, const char*, falco_rc*);
  void (*close)(void*, void*);
  falco_rc (*next_batch)(void*, void*, uint32_t*, falco_event***);
  const char* (*get_progress)(void*, void*, uint32_t*);
  const char* (*event_to_string)(void*, const falco_event_input*);
  falco_rc (*extract_fields)(void*, const falco_event_input*, const falco_field_extract_input*);
  falco_metric* (*get_metrics)(void*, uint32_t*);

 private:
  template <typename Function>
  void Bind(const char* name, Function* function) {
    *function = reinterpret_cast<Function>(dlsym(handle_, name));
    if (*function == nullptr) Fail(std::string("no ") + name);
  }

  void* handle_;
};

// A field as get_fields tells it; its position there is its id.
struct FieldInfo {
  std::string type;
  std::string name;
  bool is_list;
};

// Reads the plugin's own JSON, whose keys come in one order.
inline std::vector<FieldInfo> ReadFields(const char* json) {
  std::vector<FieldInfo> fields;
  const std::string text = json;
  const std::string type_key = "{\"type\":\"";
  for (size_t at = text.find(type_key); at != std::string::npos; at = text.find(type_key, at)) {
    at += type_key.size();
    const std::string type = text.substr(at, text.find('"', at) - at);
    const size_t name_at = text.find("\"name\":\"", at) + 8;
    const bool is_list = text.substr(at, name_at - at).find("\"isList\":true") != std::string::npos;
    fields.push_back({type, text.substr(name_at, text.find('"', name_at) - name_at), is_list});
  }
  return fields;
}

// One plugin state.
class State {
 public:
  State(const Library& library, const char* config) : library_(library) {
    falco_init_input input = {config, nullptr, nullptr};
    state_ = library.init(&input, &rc_);
  }
  ~State() { Destroy(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Destroy() {
    if (state_ != nullptr) library_.destroy(std::exchange(state_, nullptr));
  }
  bool ok() const { return rc_ == FALCO_SUCCESS; }
  void* get() const { return state_; }
  std::string error() const { return library_.get_last_error(state_); }

  // One field, as hosts ask for them. False where there is no value, or the call fails.
  bool Extract(const falco_event* event, uint64_t number, const FieldInfo& info, uint32_t id, falco_extract_field* field) {
    *field = {};
    field->field_id = id;
    field->field = info.name.c_str();
    field->flist = info.is_list;
    const falco_event_input event_input = {event, number, "mcp_audit"};
    const falco_field_extract_input input = {nullptr, nullptr, 1, field};
    return library_.extract_fields(state_, &event_input, &input) == FALCO_SUCCESS && field->res_len > 0;
  }

 private:
  const Library& library_;
  falco_rc rc_ = FALCO_FAILURE;
  void* state_;
};
