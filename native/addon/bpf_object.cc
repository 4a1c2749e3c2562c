#include "bpf_object.h"

#include <bpf/bpf.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "fault.h"
#include "syscalls.h"

namespace {

constexpr size_t kLogTailBytes = 4096;
constexpr size_t kProbeRingBytes = 64 * 1024;

// Programs that hook a tracepoint themselves; all others are tail-called by on_sys_exit.
constexpr const char* kHooks[] = {"on_fork", "on_exec", "on_exit", "on_sys_exit", "on_tcp_state"};
// Without these there is no tracking and so nothing to observe.
constexpr const char* kEssential[] = {"on_fork", "on_exec", "on_exit", "on_sys_exit"};

template <size_t N>
bool Contains(const char* const (&names)[N], const char* name) {
  return std::any_of(std::begin(names), std::end(names), [name](const char* one) { return !strcmp(one, name); });
}

// libbpf's print hook has no argument for a context, and Node may load the addon on several threads.
thread_local std::string* current_log = nullptr;

int Print(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG || current_log == nullptr) return 0;
  char line[2048];
  int length = vsnprintf(line, sizeof(line), format, arguments);
  if (length > 0) current_log->append(line, std::min<size_t>(length, sizeof(line) - 1));
  return 0;
}

// Collects what libbpf prints on this thread while it lives.
class LogScope {
 public:
  LogScope() : outer_(current_log) {
    libbpf_set_print(Print);
    current_log = &text_;
  }
  ~LogScope() { current_log = outer_; }
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

  std::string Tail() const {
    return text_.size() <= kLogTailBytes ? text_ : "…" + text_.substr(text_.size() - kLogTailBytes);
  }

 private:
  std::string* outer_;
  std::string text_;
};

[[noreturn]] void FailLoad(const char* what, int error, const LogScope& log) {
  const std::string message = std::string(what) + ": " + strerror(error);
  if (error == EPERM || error == EACCES) {
    // The verifier answers EACCES as well: then its log says why.
    if (log.Tail().find("-- BEGIN PROG LOAD LOG --") == std::string::npos) throw Fault("KERNEL_NO_PRIVILEGE", message);
  }
  throw Fault("KERNEL_LOAD_FAILED", message + "\n" + log.Tail());
}

void* InitialValue(bpf_object* object, const char* map_name, size_t expected) {
  bpf_map* map = bpf_object__find_map_by_name(object, map_name);
  size_t size = 0;
  // libbpf before 1.2 returns a const pointer; the data is ours to set until the object is loaded.
  void* data = map ? const_cast<void*>(static_cast<const void*>(bpf_map__initial_value(map, &size))) : nullptr;
  if (data == nullptr || size < expected) {
    throw Fault("KERNEL_LAYOUT_MISMATCH", std::string("the BPF object has no usable ") + map_name);
  }
  return data;
}

void SetMaxEntries(bpf_object* object, const char* map_name, size_t entries) {
  bpf_map* map = bpf_object__find_map_by_name(object, map_name);
  if (map == nullptr || bpf_map__set_max_entries(map, entries) != 0) {
    throw Fault("KERNEL_LAYOUT_MISMATCH", std::string("the BPF object has no usable map ") + map_name);
  }
}

}  // namespace

BpfObject::ObjectPtr BpfObject::Open(const std::string& path, size_t ring_bytes) {
  LogScope log;
  ObjectPtr object(bpf_object__open_file(path.c_str(), nullptr));
  if (!object) FailLoad("can't read the BPF object", errno, log);

  const mo_layout layout = MO_LAYOUT;
  if (memcmp(InitialValue(object.get(), ".rodata.layout", sizeof(layout)), &layout, sizeof(layout)) != 0) {
    throw Fault("KERNEL_LAYOUT_MISMATCH", "the BPF object carries another event layout than the addon");
  }

  auto* wanted = static_cast<uint64_t*>(InitialValue(object.get(), ".rodata.wanted", MO_SYSCALL_LIMIT / 8));
#define WANT(number, program) wanted[(number) / 64] |= 1ull << ((number) % 64);
  MO_SYSCALLS(WANT)
#undef WANT

  SetMaxEntries(object.get(), "mo_ring", ring_bytes);
  SetMaxEntries(object.get(), "mo_counters", libbpf_num_possible_cpus());
  return object;
}

// The verifier gives up with EAGAIN when a signal is pending, and a profiler or a timer may send one
// every millisecond: signals to this thread wait until the object is loaded.
static int Load(bpf_object* object) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const int error = bpf_object__load(object);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

// libbpf raises RLIMIT_MEMLOCK by itself on kernels that charge maps against it (before 5.11).
BpfObject::BpfObject(const std::string& path, size_t ring_bytes) : ring_bytes_(ring_bytes) {
  object_ = Open(path, ring_bytes);
  LogScope load_log;
  int error = -Load(object_.get());
  if (error != 0 && error != EPERM) {
    // One refused handler must not cost the others: find out which, and do without them.
    for (ProgramReport& report : Probe(path)) {
      if (!report.ok) refused_.push_back(std::move(report));
    }
    const bool hopeless = refused_.empty() || std::any_of(refused_.begin(), refused_.end(), [](const auto& report) {
                            return Contains(kEssential, report.name.c_str());
                          });
    if (hopeless) FailLoad("the kernel refuses the BPF object", error, load_log);
    object_ = Open(path, ring_bytes);
    for (const ProgramReport& report : refused_) {
      bpf_program__set_autoload(bpf_object__find_program_by_name(object_.get(), report.name.c_str()), false);
    }
    LogScope second_log;
    error = -Load(object_.get());
    if (error != 0) FailLoad("the kernel refuses the BPF object", error, second_log);
  }
  if (error != 0) FailLoad("the kernel refuses the BPF object", error, load_log);
  FillHandlers();
}

BpfObject::~BpfObject() = default;

void BpfObject::FillHandlers() {
  const int handlers = MapFd("mo_handlers");
  auto fill = [&](uint32_t number, const char* name) {
    bpf_program* program = bpf_object__find_program_by_name(object_.get(), name);
    if (program == nullptr) throw Fault("KERNEL_LAYOUT_MISMATCH", std::string("the BPF object lacks ") + name);
    if (!bpf_program__autoload(program)) return;
    int fd = bpf_program__fd(program);
    if (bpf_map_update_elem(handlers, &number, &fd, BPF_ANY) != 0) {
      throw Fault("KERNEL_LOAD_FAILED", std::string("can't enter ") + name + ": " + strerror(errno));
    }
  };
#define FILL(number, program) fill(number, #program);
  MO_SYSCALLS(FILL)
#undef FILL
}

void BpfObject::Attach() {
  if (attached()) return;
  LogScope log;
  std::vector<LinkPtr> links;
  for (const char* name : kHooks) {
    bpf_program* program = bpf_object__find_program_by_name(object_.get(), name);
    if (program == nullptr || !bpf_program__autoload(program)) continue;
    LinkPtr link(bpf_program__attach(program));
    if (!link) FailLoad(name, errno, log);
    links.push_back(std::move(link));
  }
  links_ = std::move(links);
}

int BpfObject::MapFd(const char* name) const {
  const int fd = bpf_object__find_map_fd_by_name(object_.get(), name);
  if (fd < 0) throw Fault("KERNEL_LAYOUT_MISMATCH", std::string("the BPF object has no map ") + name);
  return fd;
}

std::vector<ProgramReport> BpfObject::Probe(const std::string& path) {
  std::vector<ProgramReport> reports;
  ObjectPtr all = Open(path, kProbeRingBytes);
  bpf_program* program;
  bpf_object__for_each_program(program, all.get()) {
    reports.push_back(ProgramReport{bpf_program__name(program), false, {}});
  }
  for (ProgramReport& report : reports) {
    ObjectPtr object = Open(path, kProbeRingBytes);
    bpf_object__for_each_program(program, object.get()) {
      bpf_program__set_autoload(program, report.name == bpf_program__name(program));
    }
    LogScope log;
    const int error = -Load(object.get());
    report.ok = error == 0;
    if (!report.ok) report.error = std::string(strerror(error)) + "\n" + log.Tail();
  }
  return reports;
}
