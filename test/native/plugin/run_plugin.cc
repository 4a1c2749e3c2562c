// run_plugin PLUGIN --open PARAMS [--config JSON] [--fields a,b|all] [--text] [--events N] [--quiet]
//
// Runs a capture until it ends, N events have come, or SIGTERM does. Writes a JSON array of the
// fields' values a line for each event (or its text), and at the end a JSON object on standard error.
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>

#include "host.h"

namespace {

volatile sig_atomic_t stop_asked = 0;

double Seconds(const timespec& time) { return static_cast<double>(time.tv_sec) + time.tv_nsec / 1e9; }

double Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return Seconds(now);
}

double CpuSeconds() {
  timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return Seconds(used);
}

std::string Quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (c >= 0 && c < ' ') {
      char escape[8];
      snprintf(escape, sizeof escape, "\\u%04x", c);
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string ElementJson(const FieldInfo& info, const falco_extract_field& field, uint64_t i) {
  if (info.type == "string") {
    if (field.res.str[i] == nullptr) Library::Fail(info.name + ": a null text");
    return Quoted(field.res.str[i]);
  }
  // As text: JSON's numbers are read as doubles.
  if (info.type == "uint64" || info.type == "abstime") return Quoted(std::to_string(field.res.u64[i]));
  if (info.type == "bool") return field.res.boolean[i] ? "true" : "false";
  const falco_byte_buffer& buffer = field.res.buf[i];
  if (buffer.len != 4 && buffer.len != 16) Library::Fail(info.name + ": an address of " + std::to_string(buffer.len) + " bytes");
  // The bytes: one address has many spellings.
  std::string hex;
  for (uint32_t at = 0; at < buffer.len; at++) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x", static_cast<const unsigned char*>(buffer.ptr)[at]);
    hex += digits;
  }
  return Quoted(hex);
}

std::string ValueJson(const FieldInfo& info, const falco_extract_field& field) {
  if (!info.is_list) {
    if (field.res_len != 1) Library::Fail(info.name + ": several values");
    return ElementJson(info, field, 0);
  }
  std::string json = "[";
  for (uint64_t i = 0; i < field.res_len; i++) json += (i == 0 ? "" : ",") + ElementJson(info, field, i);
  return json + "]";
}

struct Options {
  std::string open;
  std::string config;
  std::vector<std::string> fields;
  bool all_fields = false;
  bool text = false;
  bool quiet = false;
  uint64_t events = UINT64_MAX;
};

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 2; i < argc; i++) {
    const std::string name = argv[i];
    if (name == "--text") options.text = true;
    else if (name == "--quiet") options.quiet = true;
    else if (i + 1 >= argc) Library::Fail("no value for " + name);
    else if (name == "--open") options.open = argv[++i];
    else if (name == "--config") options.config = argv[++i];
    else if (name == "--events") options.events = strtoull(argv[++i], nullptr, 10);
    else if (name == "--fields") {
      const std::string list = argv[++i];
      options.all_fields = list == "all";
      for (size_t at = 0; !options.all_fields && at <= list.size();) {
        const size_t end = std::min(list.find(',', at), list.size());
        options.fields.push_back("mcp." + list.substr(at, end - at));
        at = end + 1;
      }
    } else Library::Fail("unknown option " + name);
  }
  return options;
}

class Capture {
 public:
  Capture(const Library& library, const Options& options)
      : library_(library), options_(options), fields_(ReadFields(library.get_fields())) {
    for (uint32_t id = 0; id < fields_.size(); id++) {
      const auto& wanted = options.fields;
      if (options.all_fields || std::find(wanted.begin(), wanted.end(), fields_[id].name) != wanted.end())
        wanted_.push_back(id);
    }
    if (!options.all_fields && wanted_.size() != options.fields.size()) Library::Fail("an unknown field is asked for");
  }

  int Run() {
    State state(library_, options_.config.c_str());
    if (!state.ok()) return End("init", state.error(), nullptr);
    falco_rc rc;
    void* const instance = library_.open(state.get(), options_.open.c_str(), &rc);
    if (rc != FALCO_SUCCESS) return End("open", state.error(), state.get());
    const char* ending = "stopped";
    std::string error;
    while (!stop_asked && seen_ < options_.events) {
      uint32_t count = 12345;
      falco_event** events = nullptr;
      const double before = Now();
      rc = library_.next_batch(state.get(), instance, &count, &events);
      longest_call_s_ = std::max(longest_call_s_, Now() - before);
      if (rc == FALCO_SUCCESS && count == 0) Library::Fail("success without an event");
      if (rc != FALCO_SUCCESS && count != 0) Library::Fail("events without success");
      if (rc == FALCO_EOF) ending = "eof";
      if (rc == FALCO_FAILURE) ending = "failure", error = state.error();
      if (rc == FALCO_TIMEOUT) {
        timeouts_++;
        fflush(stdout);
      }
      if (rc == FALCO_EOF || rc == FALCO_FAILURE) break;
      for (uint32_t i = 0; i < count && seen_ < options_.events; i++) Show(&state, events[i]);
    }
    uint32_t percent;
    progress_ = library_.get_progress(state.get(), instance, &percent);
    percent_ = percent;
    const int status = End(ending, error, state.get());
    library_.close(state.get(), instance);
    return status;
  }

 private:
  void Show(State* state, falco_event* event) {
    seen_++;
    // Hosts write into events.
    event->tid = seen_;
    const falco_event_input input = {event, seen_, "mcp_audit"};
    if (options_.text) {
      printf("%s\n", library_.event_to_string(state->get(), &input));
      return;
    }
    std::string line = "[";
    for (const uint32_t id : wanted_) {
      falco_extract_field field;
      const bool has_value = state->Extract(event, seen_, fields_[id], id, &field);
      if (options_.quiet) continue;
      if (line.size() > 1) line += ',';
      line += has_value ? ValueJson(fields_[id], field) : "null";
    }
    if (!options_.quiet) printf("%s]\n", line.c_str());
  }

  int End(const char* ending, const std::string& error, void* state) {
    fflush(stdout);
    std::string metrics;
    uint32_t count = 0;
    const falco_metric* const rows = library_.get_metrics(state, &count);
    for (uint32_t i = 0; i < count; i++) {
      metrics += (i == 0 ? "" : ",") + Quoted(rows[i].name) + ":" + std::to_string(rows[i].value.u64);
    }
    fprintf(stderr,
            "{\"ending\":\"%s\",\"error\":%s,\"events\":%llu,\"timeouts\":%llu,\"longestCallMs\":%.1f,\"cpuMs\":%.1f,"
            "\"wallMs\":%.1f,\"progress\":%s,\"percent\":%u,\"metrics\":{%s}}\n",
            ending, Quoted(error).c_str(), static_cast<unsigned long long>(seen_),
            static_cast<unsigned long long>(timeouts_), longest_call_s_ * 1000, CpuSeconds() * 1000,
            (Now() - started_) * 1000, Quoted(progress_).c_str(), percent_, metrics.c_str());
    return error.empty() ? 0 : 1;
  }

  const Library& library_;
  const Options& options_;
  const std::vector<FieldInfo> fields_;
  std::vector<uint32_t> wanted_;
  const double started_ = Now();
  double longest_call_s_ = 0;
  uint64_t seen_ = 0;
  uint64_t timeouts_ = 0;
  uint32_t percent_ = 0;
  std::string progress_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) Library::Fail("usage: run_plugin PLUGIN --open PARAMS …");
  struct sigaction action = {};
  action.sa_handler = [](int) { stop_asked = 1; };
  sigaction(SIGTERM, &action, nullptr);
  const Options options = Parse(argc, argv);
  const Library library(argv[1]);
  return Capture(library, options).Run();
}
