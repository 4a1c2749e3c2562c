// What the plugin uses of Falco's plugin API 3, as plain C types. Structs of the API only grow at
// their end; nothing here may be read that an API 3.0.0 host does not have.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

typedef uint32_t falco_bool;

enum falco_rc : int32_t {
  FALCO_SUCCESS = 0,
  FALCO_FAILURE = 1,
  FALCO_TIMEOUT = -1,
  FALCO_EOF = 2,
};

enum falco_schema_type : uint32_t { FALCO_SCHEMA_NONE = 0, FALCO_SCHEMA_JSON = 1 };

enum falco_field_type : uint32_t {
  FALCO_UINT64 = 8,
  FALCO_STRING = 9,
  FALCO_ABSTIME = 21,
  FALCO_BOOL = 25,
  FALCO_IPADDR = 40,
};

#pragma pack(push, 1)
struct falco_event {
  uint64_t ts;
  uint64_t tid;
  uint32_t len;
  uint16_t type;
  uint32_t nparams;
};
#pragma pack(pop)

struct falco_event_input {
  const falco_event* evt;
  uint64_t evtnum;
  const char* evtsrc;
};

struct falco_byte_buffer {
  uint32_t len;
  const void* ptr;
};

struct falco_extract_field {
  union {
    const char** str;
    uint64_t* u64;
    uint32_t* u32;
    falco_bool* boolean;
    falco_byte_buffer* buf;
  } res;
  uint64_t res_len;
  uint32_t field_id;
  const char* field;
  const char* arg_key;
  uint64_t arg_index;
  falco_bool arg_present;
  uint32_t ftype;
  falco_bool flist;
};

// Newer hosts have more behind `fields`.
struct falco_field_extract_input {
  void* owner;
  const char* (*get_owner_last_error)(void* owner);
  uint32_t num_fields;
  falco_extract_field* fields;
};

// Newer hosts have more behind `get_owner_last_error`.
struct falco_init_input {
  const char* config;
  void* owner;
  const char* (*get_owner_last_error)(void* owner);
};

enum falco_metric_type : uint32_t { FALCO_METRIC_MONOTONIC = 0, FALCO_METRIC_NON_MONOTONIC = 1 };
enum falco_metric_value_type : uint32_t { FALCO_METRIC_U64 = 2 };

struct falco_metric {
  const char* name;
  falco_metric_type type;
  union {
    uint64_t u64;
    double d;
  } value;
  falco_metric_value_type value_type;
};

}  // extern "C"

static_assert(sizeof(void*) == 8, "the layouts below are those of 64-bit machines");
static_assert(sizeof(falco_rc) == 4 && sizeof(falco_bool) == 4, "rc and bool");

static_assert(sizeof(falco_event) == 26, "falco_event");
static_assert(offsetof(falco_event, tid) == 8 && offsetof(falco_event, len) == 16, "falco_event");
static_assert(offsetof(falco_event, type) == 20 && offsetof(falco_event, nparams) == 22, "falco_event");

static_assert(sizeof(falco_event_input) == 24, "falco_event_input");
static_assert(offsetof(falco_event_input, evtnum) == 8, "falco_event_input");
static_assert(offsetof(falco_event_input, evtsrc) == 16, "falco_event_input");

static_assert(sizeof(falco_byte_buffer) == 16 && offsetof(falco_byte_buffer, ptr) == 8, "falco_byte_buffer");

static_assert(sizeof(falco_extract_field) == 64, "falco_extract_field");
static_assert(offsetof(falco_extract_field, res_len) == 8, "falco_extract_field");
static_assert(offsetof(falco_extract_field, field_id) == 16, "falco_extract_field");
static_assert(offsetof(falco_extract_field, field) == 24, "falco_extract_field");
static_assert(offsetof(falco_extract_field, arg_key) == 32, "falco_extract_field");
static_assert(offsetof(falco_extract_field, arg_index) == 40, "falco_extract_field");
static_assert(offsetof(falco_extract_field, arg_present) == 48, "falco_extract_field");
static_assert(offsetof(falco_extract_field, ftype) == 52, "falco_extract_field");
static_assert(offsetof(falco_extract_field, flist) == 56, "falco_extract_field");

static_assert(offsetof(falco_field_extract_input, num_fields) == 16, "falco_field_extract_input");
static_assert(offsetof(falco_field_extract_input, fields) == 24, "falco_field_extract_input");

static_assert(offsetof(falco_init_input, owner) == 8, "falco_init_input");
static_assert(offsetof(falco_init_input, get_owner_last_error) == 16, "falco_init_input");

static_assert(sizeof(falco_metric) == 32, "falco_metric");
static_assert(offsetof(falco_metric, type) == 8 && offsetof(falco_metric, value) == 16, "falco_metric");
static_assert(offsetof(falco_metric, value_type) == 24, "falco_metric");
