// Everything that a host can ask about an event, as text; it also looks at every byte of the answers.
#pragma once

#include <string.h>

#include "../host.h"

class AllFields {
 public:
  // The functions of this program itself: the plugin is linked into it.
  AllFields() : library_(nullptr), fields_(ReadFields(library_.get_fields())) {}

  const Library& library() const { return library_; }

  std::string Of(State* state, const falco_event* event) const {
    std::string all;
    for (uint32_t id = 0; id < fields_.size(); id++) {
      falco_extract_field field;
      if (!state->Extract(event, 1, fields_[id], id, &field)) continue;
      all += std::to_string(id) + '=';
      if (!fields_[id].is_list && field.res_len != 1) abort();
      for (uint64_t i = 0; i < field.res_len; i++) all += Element(fields_[id], field, i) + ';';
    }
    return all;
  }

  size_t TextBytes(State* state, const falco_event* event) const {
    const falco_event_input input = {event, 1, "mcp_audit"};
    const char* const text = library_.event_to_string(state->get(), &input);
    for (const char* at = text; *at != '\0'; at++) {
      if (*at > 0 && *at < ' ') abort();
    }
    return strlen(text);
  }

 private:
  static std::string Element(const FieldInfo& info, const falco_extract_field& field, uint64_t i) {
    if (info.type == "string") return field.res.str[i];
    if (info.type == "bool") return std::to_string(field.res.boolean[i]);
    if (info.type != "ipaddr") return std::to_string(field.res.u64[i]);
    const falco_byte_buffer& buffer = field.res.buf[i];
    if (buffer.len != 4 && buffer.len != 16) abort();
    return std::string(static_cast<const char*>(buffer.ptr), buffer.len);
  }

  const Library library_;
  const std::vector<FieldInfo> fields_;
};
