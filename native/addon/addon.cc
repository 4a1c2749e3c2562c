// The Node-API surface. It converts values and errors, and knows nothing of events: JavaScript has
// checked the arguments, the decoder reads the chunks.
#include <napi.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "fault.h"
#include "observer.h"

namespace {

[[noreturn]] void Throw(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  throw error;
}

// Runs `body`; a Fault becomes a JavaScript error with its code.
template <typename Body>
auto Guarded(Napi::Env env, Body body) {
  try {
    return body();
  } catch (const Fault& fault) {
    Throw(env, fault.code(), fault.what());
  } catch (const std::bad_alloc&) {
    Throw(env, "INTERNAL", "out of memory");
  }
}

Napi::Value ToJs(Napi::Env env, Chunk&& chunk) {
  Napi::Object object = Napi::Object::New(env);
  if (chunk.size == 0) {
    object.Set("buffer", Napi::ArrayBuffer::New(env, 0));
  } else {
    // JavaScript takes the memory over; it is freed with the ArrayBuffer.
    uint8_t* bytes = chunk.bytes.release();
    object.Set("buffer",
               Napi::ArrayBuffer::New(env, bytes, chunk.size, [](Napi::Env, void* data) { free(data); }));
  }
  object.Set("eventCount", Napi::Number::New(env, chunk.events));
  object.Set("lostEvents", Napi::Number::New(env, static_cast<double>(chunk.lost)));
  object.Set("lostFromNs", Napi::Number::New(env, static_cast<double>(chunk.lost_from_ns)));
  object.Set("lostToNs", Napi::Number::New(env, static_cast<double>(chunk.lost_to_ns)));
  return object;
}

Napi::Array ToJs(Napi::Env env, std::deque<Chunk>&& chunks) {
  Napi::Array array = Napi::Array::New(env, chunks.size());
  uint32_t index = 0;
  for (Chunk& chunk : chunks) array.Set(index++, ToJs(env, std::move(chunk)));
  return array;
}

Napi::Array ToJs(Napi::Env env, const std::vector<ProgramReport>& reports) {
  Napi::Array array = Napi::Array::New(env, reports.size());
  uint32_t index = 0;
  for (const ProgramReport& report : reports) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", report.name);
    object.Set("ok", report.ok);
    if (!report.ok) object.Set("error", report.error);
    array.Set(index++, object);
  }
  return array;
}

// The JavaScript class around an Observer. All methods run on the environment's thread.
class ObserverHandle : public Napi::ObjectWrap<ObserverHandle> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "KernelHandle",
                       {
                           InstanceMethod<&ObserverHandle::OpenGate>("openGate"),
                           InstanceMethod<&ObserverHandle::CloseGate>("closeGate"),
                           InstanceMethod<&ObserverHandle::Track>("track"),
                           InstanceMethod<&ObserverHandle::Untrack>("untrack"),
                           InstanceMethod<&ObserverHandle::TakeAll>("takeAll"),
                           InstanceMethod<&ObserverHandle::Stats>("stats"),
                           InstanceMethod<&ObserverHandle::Close>("close"),
                       });
  }

  // (objectPath: string, ringBytes: number, queueBytes: number, detachAfterMs: number,
  //  onChunks: (chunks) => void)
  explicit ObserverHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ObserverHandle>(info) {
    Napi::Env env = info.Env();
    ObserverOptions options{
        info[0].As<Napi::String>().Utf8Value(),
        static_cast<size_t>(info[1].As<Napi::Number>().Int64Value()),
        static_cast<size_t>(info[2].As<Napi::Number>().Int64Value()),
        info[3].As<Napi::Number>().Uint32Value(),
    };
    // One wake-up in flight is enough: whoever it wakes takes everything.
    wake_ = Napi::ThreadSafeFunction::New(env, info[4].As<Napi::Function>(), "mcp-observer kernel events", 1, 1);
    wake_.Unref(env);
    try {
      observer_ = std::make_unique<Observer>(options, [this] {
        wake_.NonBlockingCall([open = open_](Napi::Env env, Napi::Function on_chunks) {
          if (*open == nullptr) return;
          std::deque<Chunk> chunks = (*open)->TakeQueued();
          if (!chunks.empty()) on_chunks.Call({ToJs(env, std::move(chunks))});
        });
      });
    } catch (const Fault& fault) {
      wake_.Release();
      Throw(env, fault.code(), fault.what());
    }
    *open_ = observer_.get();
    env_ = env;
    napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  }

  ~ObserverHandle() override { End(); }

 private:
  Observer& Open(Napi::Env env) {
    if (!observer_) Throw(env, "INTERNAL", "the kernel observer is closed");
    return *observer_;
  }

  static void OnEnvironmentEnd(void* handle) { static_cast<ObserverHandle*>(handle)->End(); }

  // Also at the end of the environment, where there is no JavaScript left to run.

  void End() {
    if (!observer_) return;
    *open_ = nullptr;
    observer_.reset();
    wake_.Release();
    napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  }

  void OpenGate(const Napi::CallbackInfo& info) {
    Guarded(info.Env(), [&] { Open(info.Env()).OpenGate(info[0].As<Napi::Number>().Uint32Value()); });
  }

  void CloseGate(const Napi::CallbackInfo& info) {
    Guarded(info.Env(), [&] { Open(info.Env()).CloseGate(); });
  }

  Napi::Value Track(const Napi::CallbackInfo& info) {
    const bool tracked = Guarded(info.Env(), [&] {
      return Open(info.Env())
          .Track(info[0].As<Napi::Number>().Uint32Value(), info[1].As<Napi::Number>().Uint32Value(),
                 info[2].As<Napi::Boolean>().Value());
    });
    return Napi::Boolean::New(info.Env(), tracked);
  }

  void Untrack(const Napi::CallbackInfo& info) {
    Open(info.Env()).Untrack(info[0].As<Napi::Number>().Uint32Value());
  }

  Napi::Value TakeAll(const Napi::CallbackInfo& info) {
    return Guarded(info.Env(), [&] { return ToJs(info.Env(), Open(info.Env()).TakeAll()); });
  }

  Napi::Value Stats(const Napi::CallbackInfo& info) {
    Napi::Env env = info.Env();
    Observer& observer = Open(env);
    const ObserverStats stats = observer.Stats();
    Napi::Object object = Napi::Object::New(env);
    auto set = [&](const char* name, uint64_t value) { object.Set(name, Napi::Number::New(env, value)); };
    set("events", stats.events);
    set("ringFull", stats.counters.lost_events);
    set("readFaults", stats.counters.read_faults);
    set("compatSyscalls", stats.counters.compat_syscalls);
    set("ioUringSetups", stats.counters.io_uring_setups);
    set("untrackedForks", stats.counters.untracked_forks);
    set("addonQueueFull", stats.queue_full);
    set("queuedBytes", stats.queued_bytes);
    set("attachCount", stats.attach_count);
    set("trackedProcesses", stats.tracked_processes);
    object.Set("attached", stats.attached);
    object.Set("refusedPrograms", ToJs(env, observer.object().refused()));
    return object;
  }

  void Close(const Napi::CallbackInfo&) { End(); }

  napi_env env_ = nullptr;
  Napi::ThreadSafeFunction wake_;
  // What a wake-up on its way may still touch: null once closed. Used on the environment's thread.
  const std::shared_ptr<Observer*> open_ = std::make_shared<Observer*>(nullptr);
  std::unique_ptr<Observer> observer_;
};

Napi::Value Probe(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(),
                 [&] { return ToJs(info.Env(), BpfObject::Probe(info[0].As<Napi::String>().Utf8Value())); });
}

Napi::Value PeerCredentials(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(info[0].As<Napi::Number>().Int32Value(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    Throw(env, "INTERNAL", std::string("SO_PEERCRED: ") + strerror(errno));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("pid", Napi::Number::New(env, credentials.pid));
  object.Set("uid", Napi::Number::New(env, credentials.uid));
  object.Set("gid", Napi::Number::New(env, credentials.gid));
  return object;
}

Napi::Array Layout(Napi::Env env) {
  const mo_layout layout = MO_LAYOUT;
  constexpr size_t kWords = sizeof(layout) / sizeof(uint32_t);
  uint32_t words[kWords];
  memcpy(words, &layout, sizeof(layout));
  Napi::Array array = Napi::Array::New(env, kWords);
  for (uint32_t i = 0; i < kWords; i++) array.Set(i, Napi::Number::New(env, words[i]));
  return array;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("KernelHandle", ObserverHandle::Define(env));
  exports.Set("layout", Layout(env));
  exports.Set("probe", Napi::Function::New(env, Probe));
  exports.Set("peerCredentials", Napi::Function::New(env, PeerCredentials));
  return exports;
}

}  // namespace

NODE_API_MODULE(mcp_observer, Init)
