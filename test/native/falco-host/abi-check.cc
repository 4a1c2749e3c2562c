// Compiles where what the plugin declares of the plugin API is what the public header says.
#include <plugin/plugin_api.h>

#include <cstddef>
#include <type_traits>

#include "falco_abi.h"

#define SAME_SIZE(ours, theirs) static_assert(sizeof(ours) == sizeof(theirs), #ours " has another size")
#define SAME_FIELD(ours, theirs, field)                                                            \
  static_assert(offsetof(ours, field) == offsetof(theirs, field), #ours "." #field " is elsewhere"); \
  static_assert(sizeof(ours::field) == sizeof(theirs::field), #ours "." #field " has another size")
#define SAME_VALUE(ours, theirs) \
  static_assert(static_cast<long>(ours) == static_cast<long>(theirs), #ours " has another value")
// Where newer versions have appended fields, ours is the beginning.
#define NOT_LARGER(ours, theirs) static_assert(sizeof(ours) <= sizeof(theirs), #ours " is larger")

SAME_SIZE(falco_bool, ss_plugin_bool);
SAME_SIZE(falco_rc, ss_plugin_rc);
SAME_VALUE(FALCO_SUCCESS, SS_PLUGIN_SUCCESS);
SAME_VALUE(FALCO_FAILURE, SS_PLUGIN_FAILURE);
SAME_VALUE(FALCO_TIMEOUT, SS_PLUGIN_TIMEOUT);
SAME_VALUE(FALCO_EOF, SS_PLUGIN_EOF);
SAME_VALUE(FALCO_SCHEMA_NONE, SS_PLUGIN_SCHEMA_NONE);
SAME_VALUE(FALCO_SCHEMA_JSON, SS_PLUGIN_SCHEMA_JSON);
SAME_VALUE(FALCO_UINT64, FTYPE_UINT64);
SAME_VALUE(FALCO_STRING, FTYPE_STRING);
SAME_VALUE(FALCO_ABSTIME, FTYPE_ABSTIME);
SAME_VALUE(FALCO_BOOL, FTYPE_BOOL);
SAME_VALUE(FALCO_IPADDR, FTYPE_IPADDR);
SAME_VALUE(FALCO_METRIC_MONOTONIC, SS_PLUGIN_METRIC_TYPE_MONOTONIC);
SAME_VALUE(FALCO_METRIC_NON_MONOTONIC, SS_PLUGIN_METRIC_TYPE_NON_MONOTONIC);
SAME_VALUE(FALCO_METRIC_U64, SS_PLUGIN_METRIC_VALUE_TYPE_U64);

SAME_SIZE(falco_event, ss_plugin_event);
SAME_FIELD(falco_event, ss_plugin_event, ts);
SAME_FIELD(falco_event, ss_plugin_event, tid);
SAME_FIELD(falco_event, ss_plugin_event, len);
SAME_FIELD(falco_event, ss_plugin_event, type);
SAME_FIELD(falco_event, ss_plugin_event, nparams);

NOT_LARGER(falco_event_input, ss_plugin_event_input);
SAME_FIELD(falco_event_input, ss_plugin_event_input, evt);
SAME_FIELD(falco_event_input, ss_plugin_event_input, evtnum);
SAME_FIELD(falco_event_input, ss_plugin_event_input, evtsrc);

SAME_SIZE(falco_byte_buffer, ss_plugin_byte_buffer);
SAME_FIELD(falco_byte_buffer, ss_plugin_byte_buffer, len);
SAME_FIELD(falco_byte_buffer, ss_plugin_byte_buffer, ptr);

// An array of these is passed: it may not have grown.
SAME_SIZE(falco_extract_field, ss_plugin_extract_field);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, res);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, res_len);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, field_id);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, field);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, arg_key);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, arg_index);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, arg_present);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, ftype);
SAME_FIELD(falco_extract_field, ss_plugin_extract_field, flist);

NOT_LARGER(falco_field_extract_input, ss_plugin_field_extract_input);
SAME_FIELD(falco_field_extract_input, ss_plugin_field_extract_input, owner);
SAME_FIELD(falco_field_extract_input, ss_plugin_field_extract_input, get_owner_last_error);
SAME_FIELD(falco_field_extract_input, ss_plugin_field_extract_input, num_fields);
SAME_FIELD(falco_field_extract_input, ss_plugin_field_extract_input, fields);

NOT_LARGER(falco_init_input, ss_plugin_init_input);
SAME_FIELD(falco_init_input, ss_plugin_init_input, config);
SAME_FIELD(falco_init_input, ss_plugin_init_input, owner);
SAME_FIELD(falco_init_input, ss_plugin_init_input, get_owner_last_error);

// An array of these is returned, too.
SAME_SIZE(falco_metric, ss_plugin_metric);
SAME_FIELD(falco_metric, ss_plugin_metric, name);
SAME_FIELD(falco_metric, ss_plugin_metric, type);
SAME_FIELD(falco_metric, ss_plugin_metric, value);
SAME_FIELD(falco_metric, ss_plugin_metric, value_type);

#ifdef EXPECT_FAILURE
static_assert(offsetof(falco_init_input, owner) == offsetof(ss_plugin_init_input, tables), "is elsewhere");
#endif
