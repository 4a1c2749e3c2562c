// check_plugin PLUGIN CHECK FILE…: what needs two states or captures in one process, or events that
// no capture made. Ends with 0, or says on standard error what is not as it has to be.
#include <string.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <map>

#include "../../../native/plugin/event.h"
#include "host.h"

namespace {

#define EXPECT(condition) \
  if (!(condition)) Library::Fail(std::string(__func__) + ", line " + std::to_string(__LINE__) + ": " #condition)

using mcp_audit::kPayloadOffset;

uint32_t IdOf(const std::vector<FieldInfo>& fields, const std::string& name) {
  for (uint32_t id = 0; id < fields.size(); id++) {
    if (fields[id].name == "mcp." + name) return id;
  }
  Library::Fail("no field " + name);
}

class Checks {
 public:
  Checks(const Library& library, std::vector<std::string> files)
      : library_(library), fields_(ReadFields(library.get_fields())), files_(std::move(files)) {}

  // An event as a host has it in a buffer of its own.
  static std::vector<char> EventOf(const std::string& line) {
    std::vector<char> bytes(kPayloadOffset + line.size());
    mcp_audit::WriteEventHeader(bytes.data(), 1, line.size());
    memcpy(bytes.data() + kPayloadOffset, line.data(), line.size());
    return bytes;
  }

  std::string TextOf(State* state, const falco_event* event, const std::string& name) {
    const uint32_t id = IdOf(fields_, name);
    falco_extract_field field;
    return state->Extract(event, 1, fields_[id], id, &field) ? *field.res.str : "<none>";
  }

  void* Open(State* state, const std::string& params) {
    falco_rc rc;
    void* const instance = library_.open(state->get(), params.c_str(), &rc);
    if (rc != FALCO_SUCCESS) Library::Fail(state->error());
    return instance;
  }

  // All call ids of a capture, to its end or the first time that it has nothing.
  std::vector<std::string> Drain(State* state, void* instance) {
    std::vector<std::string> ids;
    uint32_t count;
    falco_event** events;
    while (library_.next_batch(state->get(), instance, &count, &events) == FALCO_SUCCESS) {
      for (uint32_t i = 0; i < count; i++) ids.push_back(TextOf(state, events[i], "call_id"));
    }
    return ids;
  }

  // A host that loads its configuration again makes a second state while the first one captures.
  void Reinit() {
    State first(library_, "");
    void* const capture = Open(&first, files_[0]);
    uint32_t count;
    falco_event** events;
    EXPECT(library_.next_batch(first.get(), capture, &count, &events) == FALCO_SUCCESS && count > 0);
    const std::string before = TextOf(&first, events[0], "call_id");
    for (int round = 0; round < 50; round++) {
      State second(library_, round % 2 ? "{\"sanitize\":false}" : "{\"poll_ms\":0}");
      EXPECT(second.ok() == (round % 2 == 1));
      if (!second.ok()) {
        EXPECT(second.error().find("poll_ms") != std::string::npos);
        continue;
      }
      EXPECT(Drain(&second, Open(&second, files_[0])).size() == Drain(&second, Open(&second, files_[0])).size());
    }
    EXPECT(TextOf(&first, events[0], "call_id") == before);
    EXPECT(first.error().empty());
    library_.close(first.get(), capture);
  }

  // Two captures of one state: each batch stays valid while the other one is asked.
  void TwoCaptures() {
    State state(library_, "{\"batch_records\":3}");
    void* const a = Open(&state, files_[0]);
    void* const b = Open(&state, files_[1]);
    uint32_t count_a, count_b;
    falco_event **events_a, **events_b;
    EXPECT(library_.next_batch(state.get(), a, &count_a, &events_a) == FALCO_SUCCESS && count_a == 3);
    EXPECT(library_.next_batch(state.get(), b, &count_b, &events_b) == FALCO_SUCCESS && count_b == 3);
    EXPECT(TextOf(&state, events_a[1], "call_id") == "c.1");
    EXPECT(TextOf(&state, events_b[1], "call_id") == "c.1001");
    EXPECT(TextOf(&state, events_a[2], "call_id") == "c.2");
    library_.close(state.get(), a);
    EXPECT(TextOf(&state, events_b[2], "call_id") == "c.1002");
    library_.close(state.get(), b);
  }

  // Events that were read back from a file, or copied: the same values, whatever buffer they are in.
  void ForeignEvents() {
    State state(library_, "");
    std::ifstream file(files_[0]);
    std::vector<char> reused;
    std::string line;
    int number = 0;
    while (std::getline(file, line)) {
      const std::vector<char> event = EventOf(line);
      // The same address for each of them, as hosts do it.
      reused.resize(64 << 10);
      std::copy(event.begin(), event.end(), reused.begin());
      const auto* const at = reinterpret_cast<const falco_event*>(reused.data());
      const std::string id = "c." + std::to_string(number++);
      EXPECT(TextOf(&state, at, "call_id") == id);
      EXPECT(TextOf(&state, at, "method") == "tools/call");
      EXPECT(TextOf(&state, at, "call_id") == id);
      EXPECT(memcmp(reused.data(), event.data(), event.size()) == 0);
    }
    EXPECT(number > 10);
  }

  // What no capture of ours would have made.
  void BrokenEvents() {
    State state(library_, "");
    std::ifstream file(files_[0]);
    std::string line;
    std::getline(file, line);
    const auto id_of = [&](const std::vector<char>& bytes) {
      return TextOf(&state, reinterpret_cast<const falco_event*>(bytes.data()), "call_id");
    };
    const std::map<std::string, std::function<void(std::vector<char>*)>> faults = {
        {"another type", [](auto* bytes) { (*bytes)[20] = 1; }},
        {"three parameters", [](auto* bytes) { (*bytes)[22] = 3; }},
        {"a payload longer than the event", [](auto* bytes) { (*bytes)[33] = 0x7f; }},
        {"an id of another size", [](auto* bytes) { (*bytes)[26] = 8; }},
        {"a length below the header's", [](auto* bytes) { (*bytes)[17] = 0, (*bytes)[16] = 20; }},
        {"a payload that is no JSON", [](auto* bytes) { (*bytes)[kPayloadOffset] = 'x'; }},
    };
    EXPECT(id_of(EventOf(line)) == "c.0");
    for (const auto& [name, spoil] : faults) {
      std::vector<char> bytes = EventOf(line);
      spoil(&bytes);
      if (id_of(bytes) != "<none>") Library::Fail(name);
    }
    EXPECT(id_of(EventOf("")) == "<none>");
    EXPECT(id_of(EventOf("{}")) == "<none>");
    EXPECT(id_of(EventOf(line)) == "c.0");
    const std::vector<char> event = EventOf(line);
    falco_extract_field field = {};
    const FieldInfo unknown = {"string", "mcp.none", false};
    EXPECT(!state.Extract(reinterpret_cast<const falco_event*>(event.data()), 1, unknown, 9999, &field));
  }

  // What is opened is closed: descriptors do not grow. (Memory is for valgrind and the sanitizers to say.)
  void Cycles() {
    const int first = dup(0);
    close(first);
    for (int round = 0; round < 20; round++) {
      State state(library_, "");
      void* const kept = Open(&state, files_[0]);
      void* const followed = Open(&state, files_[0] + "?follow=true");
      EXPECT(!Drain(&state, followed).empty());
      library_.close(state.get(), followed);
      EXPECT(Drain(&state, Open(&state, files_[1])).size() > 10);
      falco_rc rc;
      EXPECT(library_.open(state.get(), "/none/at/all", &rc) == nullptr && rc == FALCO_FAILURE);
      EXPECT(state.error().find("/none/at/all") != std::string::npos);
      // One is left open: destroying the state closes it.
      EXPECT(!Drain(&state, kept).empty());
    }
    const int last = dup(0);
    EXPECT(last == first);
    close(last);
  }

  void About() {
    EXPECT(std::string(library_.get_required_api_version()) == "3.0.0");
    EXPECT(std::string(library_.get_name()) == "mcp_audit");
    EXPECT(std::string(library_.get_event_source()) == "mcp_audit");
    EXPECT(library_.get_id() == mcp_audit::kPluginId);
    falco_schema_type type;
    EXPECT(library_.get_init_schema(&type)[0] == '{' && type == FALCO_SCHEMA_JSON);
    printf("{\"version\":\"%s\",\"schema\":%s,\"fields\":%s,\"sources\":%s,\"open\":", library_.get_version(),
           library_.get_init_schema(&type), library_.get_fields(), library_.get_extract_event_sources());
    falco_rc rc;
    printf("%s}\n", library_.list_open_params(nullptr, &rc));
    EXPECT(rc == FALCO_SUCCESS);
    uint32_t count = 1;
    EXPECT(library_.get_metrics(nullptr, &count) == nullptr && count == 0);
  }

 private:
  const Library& library_;
  const std::vector<FieldInfo> fields_;
  const std::vector<std::string> files_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) Library::Fail("usage: check_plugin PLUGIN CHECK FILE…");
  const Library library(argv[1]);
  Checks checks(library, {argv + 3, argv + argc});
  const std::map<std::string, void (Checks::*)()> all = {
      {"reinit", &Checks::Reinit},         {"two-captures", &Checks::TwoCaptures},
      {"foreign", &Checks::ForeignEvents}, {"broken", &Checks::BrokenEvents},
      {"cycles", &Checks::Cycles},         {"about", &Checks::About},
  };
  const auto check = all.find(argv[2]);
  if (check == all.end()) Library::Fail(std::string("no check ") + argv[2]);
  (checks.*check->second)();
  return 0;
}
