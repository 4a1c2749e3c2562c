// The BPF object: opened, checked against this build's layout, loaded, attached and detached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <bpf/libbpf.h>

#include "events.h"

// How loading one program went.
struct ProgramReport {
  std::string name;
  bool ok = false;
  std::string error;  // last lines of libbpf's and the verifier's log; empty where ok
};

// One thread at a time: the owner serialises the calls.
class BpfObject {
 public:
  // Opens and loads; throws Fault. Nothing is attached yet.
  BpfObject(const std::string& path, size_t ring_bytes);
  ~BpfObject();
  BpfObject(const BpfObject&) = delete;
  BpfObject& operator=(const BpfObject&) = delete;

  // Hooks every program of a tracepoint that loaded. Throws Fault, and then nothing is attached.
  void Attach();
  void Detach() { links_.clear(); }
  bool attached() const { return !links_.empty(); }

  // The file descriptor of a map, valid as long as the object.
  int MapFd(const char* name) const;
  size_t ring_bytes() const { return ring_bytes_; }
  // Programs that this kernel refused and the observer does without.
  const std::vector<ProgramReport>& refused() const { return refused_; }

  // Tries every program on its own, without attaching any. Throws Fault if the file can't be read.
  static std::vector<ProgramReport> Probe(const std::string& path);

 private:
  struct CloseObject {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
  };
  struct DestroyLink {
    void operator()(bpf_link* link) const { bpf_link__destroy(link); }
  };
  using ObjectPtr = std::unique_ptr<bpf_object, CloseObject>;
  using LinkPtr = std::unique_ptr<bpf_link, DestroyLink>;

  static ObjectPtr Open(const std::string& path, size_t ring_bytes);
  void FillHandlers();

  size_t ring_bytes_;
  ObjectPtr object_;
  std::vector<LinkPtr> links_;
  std::vector<ProgramReport> refused_;
};
