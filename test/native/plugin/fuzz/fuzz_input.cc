// Any bytes as a file that is captured: first a byte that says how, then the file. What a batch is
// cut into must not matter.
#include <sys/mman.h>
#include <unistd.h>

#include "all_fields.h"

namespace {

class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("records", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {}
  ~MemoryFile() { close(fd_); }

  void Append(const uint8_t* data, size_t size) const {
    if (write(fd_, data, size) != static_cast<ssize_t>(size)) abort();
  }
  const std::string& path() const { return path_; }

 private:
  const int fd_;
  const std::string path_;
};

// Everything of all events, to the end or to the first time that there is nothing.
std::string Drain(const AllFields& all, State* state, void* instance) {
  std::string everything;
  uint32_t count;
  falco_event** events;
  while (true) {
    const falco_rc rc = all.library().next_batch(state->get(), instance, &count, &events);
    if ((rc == FALCO_SUCCESS) != (count > 0) || rc == FALCO_FAILURE) abort();
    if (rc != FALCO_SUCCESS) return everything;
    for (uint32_t i = 0; i < count; i++) {
      // A host writes into events.
      events[i]->tid = i;
      everything += all.Of(state, events[i]) + '\n';
      all.TextBytes(state, events[i]);
    }
  }
}

std::string Capture(const AllFields& all, const char* config, const std::string& params) {
  State state(all.library(), config);
  falco_rc rc;
  void* const instance = all.library().open(state.get(), params.c_str(), &rc);
  if (rc != FALCO_SUCCESS) abort();
  const std::string everything = Drain(all, &state, instance);
  uint32_t number;
  all.library().get_progress(state.get(), instance, &number);
  all.library().get_metrics(state.get(), &number);
  all.library().close(state.get(), instance);
  return everything;
}

// A file that grows: the second part comes when the first one was read.
std::string Follow(const AllFields& all, const uint8_t* data, size_t size, size_t cut) {
  const MemoryFile file;
  file.Append(data, cut);
  State state(all.library(), "{\"poll_ms\":1,\"max_record_bytes\":1024}");
  falco_rc rc;
  void* const instance = all.library().open(state.get(), (file.path() + "?follow=true").c_str(), &rc);
  if (rc != FALCO_SUCCESS) abort();
  std::string everything = Drain(all, &state, instance);
  file.Append(data + cut, size - cut);
  everything += Drain(all, &state, instance);
  all.library().close(state.get(), instance);
  return everything;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const AllFields all;
  if (size == 0) return 0;
  const uint8_t how = data[0];
  data++;
  size--;
  const MemoryFile file;
  file.Append(data, size);
  const std::string everything = Capture(all, "{\"max_record_bytes\":1024}", file.path());
  if (Capture(all, "{\"max_record_bytes\":1024,\"batch_records\":1}", file.path()) != everything) abort();
  // Following waits for milliseconds: not every time. A last line without an end does not count there.
  if (how % 16 == 0 && size > 0 && data[size - 1] == '\n') {
    if (Follow(all, data, size, how * size / 256) != everything) abort();
  }
  return 0;
}
