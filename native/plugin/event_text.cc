#include "event_text.h"

#include <arpa/inet.h>

#include <cstring>

#include "text.h"
#include "values.h"

namespace mcp_audit {
namespace {

class Line {
 public:
  Line(const Record& record, Arena* arena) : record_(record), arena_(arena) {}

  const char* Text(FieldId field) { return TextOf(record_, field, true, arena_); }

  bool Is(FieldId field, const char* value) {
    const char* const text = Text(field);
    return text != nullptr && strcmp(text, value) == 0;
  }

  // The value alone; false, and nothing, where there is none or an empty one.
  bool Word(FieldId field) {
    const char* const text = Text(field);
    if (text == nullptr || *text == '\0') return false;
    Add(text);
    return true;
  }

  void Named(const char* name, FieldId field) {
    if (const char* const text = Text(field)) Add(std::string(name) + "=" + text);
  }

  void Count(const char* name, FieldId field) {
    uint64_t number;
    if (NumberOf(record_, field, &number)) Add(std::string(name) + "=" + std::to_string(number));
  }

  // As the record has it, with its fraction.
  void Duration() {
    const Value* const value = record_.Find(k_duration_ms);
    if (value != nullptr && value->state == Value::kNumber) Add(std::string(value->text, value->length) + " ms");
    else Count("duration_ms", k_duration_ms);
  }

  // "address:port", or what of it is known.
  void Endpoint() {
    falco_extract_field address = {};
    PutValue(record_, k_ip, true, arena_, &address);
    if (address.res_len == 0) return;
    char text[INET6_ADDRSTRLEN];
    const bool is_v6 = address.res.buf->len == 16;
    if (inet_ntop(is_v6 ? AF_INET6 : AF_INET, address.res.buf->ptr, text, sizeof text) == nullptr) return;
    uint64_t port;
    std::string endpoint = is_v6 ? std::string("[") + text + "]" : text;
    if (NumberOf(record_, k_port, &port)) endpoint += ":" + std::to_string(port);
    Add(endpoint);
  }

  void Add(const std::string& word) {
    if (!text_.empty()) text_ += ' ';
    text_ += word;
  }

  std::string Take() { return std::move(text_); }

 private:
  const Record& record_;
  Arena* const arena_;
  std::string text_;
};

void Call(Line* line) {
  line->Word(k_method);
  line->Word(k_tool_name);
  line->Word(k_outcome);
  line->Duration();
  line->Count("effects", k_effect_count);
  if (!line->Is(k_coverage, "full")) line->Named("coverage", k_coverage);
}

void Effect(Line* line) {
  line->Word(k_effect);
  if (!line->Word(k_path)) line->Endpoint();
  line->Named("to", k_new_path);
  if (!line->Is(k_result, "ok")) line->Word(k_result);
  line->Word(k_attribution);
  line->Count("pid", k_pid);
  line->Named("comm", k_comm);
  line->Named("tool", k_tool_name);
  line->Named("contradiction", k_contradiction);
}

void Session(Line* line) {
  line->Word(k_session_event);
  line->Named("server", k_server_name);
  line->Named("client", k_client_process);
  line->Count("calls", k_call_count);
  line->Named("reason", k_end_reason);
}

void Status(Line* line) {
  line->Word(k_status_event);
  line->Named("mode", k_observer_mode);
  line->Named("reason", k_observer_reason);
  line->Named("lost", k_lost_reason);
}

}  // namespace

std::string EventText(const Record& record, Arena* arena) {
  Line line(record, arena);
  // Records of the schema's first producers have no kind: they are calls.
  if (!line.Word(k_record)) line.Add("call");
  if (line.Is(k_record, "effect")) Effect(&line);
  else if (line.Is(k_record, "session")) Session(&line);
  else if (line.Is(k_record, "status")) Status(&line);
  else Call(&line);
  line.Named("session", k_session_id);
  std::string text = line.Take();
  const char* const visible = VisibleText(text.data(), text.size(), true, arena);
  return visible == text.data() ? text : std::string(visible);
}

}  // namespace mcp_audit
