// The relay's Node-API surface. An addon of its own: a wrapper loads it, and nothing that observes the
// kernel. JavaScript has checked the arguments and reads the batches.
#include <napi.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "relay.h"

namespace {

// A descriptor that is closed with its owner.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { Close(); }
  Fd(Fd&& other) noexcept : fd_(other.Release()) {}
  Fd& operator=(Fd&& other) noexcept {
    Close();
    fd_ = other.Release();
    return *this;
  }
  int get() const { return fd_; }
  int Release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

struct SocketPair {
  SocketPair() {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
      throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    ours = Fd(fds[0]);
    servers = Fd(fds[1]);
  }
  Fd ours, servers;
};

RelayEnd Adopted(int fd, bool for_reading, bool replace) {
  const RelayEnd end = AdoptClientEnd(fd, for_reading, replace);
  if (end.fd < 0) throw std::system_error(ENOTSUP, std::generic_category(), "this kind of stream");
  return end;
}

// What is there before the relay runs. What is adopted in place stays open when the rest fails: it
// can still be used in another way.
struct Ends {
  Ends(int input, int output, bool replace_output)
      : from_client(Adopted(input, true, true)), to_client(Adopted(output, false, replace_output)) {}
  SocketPair to_server, from_server;
  RelayEnd from_client, to_client;
};

Batch BatchOf(const Napi::Reference<Napi::ArrayBuffer>& memory) {
  Napi::ArrayBuffer buffer = memory.Value();
  return {static_cast<uint8_t*>(buffer.Data()), buffer.ByteLength()};
}

// The JavaScript class around a Relay. All methods run on the environment's thread.
class RelayHandle : public Napi::ObjectWrap<RelayHandle> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "RelayHandle",
                       {
                           InstanceAccessor<&RelayHandle::ServerInput>("serverInput"),
                           InstanceAccessor<&RelayHandle::ServerOutput>("serverOutput"),
                           InstanceMethod<&RelayHandle::Start>("start"),
                           InstanceMethod<&RelayHandle::Take>("take"),
                           InstanceMethod<&RelayHandle::StopToServer>("stopToServer"),
                           InstanceMethod<&RelayHandle::StopToClient>("stopToClient"),
                           InstanceMethod<&RelayHandle::GiveUpWhenIdle>("giveUpWhenIdle"),
                           InstanceMethod<&RelayHandle::Close>("close"),
                       });
  }

  // (clientInput: number, clientOutput: number, replaceOutput: boolean)
  explicit RelayHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RelayHandle>(info) {
    try {
      ends_ = std::make_unique<Ends>(info[0].As<Napi::Number>().Int32Value(),
                                     info[1].As<Napi::Number>().Int32Value(),
                                     info[2].As<Napi::Boolean>().Value());
    } catch (const std::exception& error) {
      throw Napi::Error::New(info.Env(), error.what());
    }
  }

  ~RelayHandle() override { End(); }

 private:
  Napi::Value ServerInput(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), ends_ ? ends_->to_server.servers.get() : -1);
  }

  Napi::Value ServerOutput(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), ends_ ? ends_->from_server.servers.get() : -1);
  }

  // (first: ArrayBuffer, second: ArrayBuffer, onPieces: () => void). The server has its ends by now.
  void Start(const Napi::CallbackInfo& info) {
    Napi::Env env = info.Env();
    if (!ends_) throw Napi::Error::New(env, "the relay was started or closed before");
    memory_[0] = Napi::Persistent(info[0].As<Napi::ArrayBuffer>());
    memory_[1] = Napi::Persistent(info[1].As<Napi::ArrayBuffer>());
    // One wake-up in flight is enough: whoever it wakes takes everything.
    wake_ = Napi::ThreadSafeFunction::New(env, info[2].As<Napi::Function>(), "mcp-observer relay", 1, 1);
    try {
      relay_ = std::make_unique<Relay>(
          ends_->from_client, ends_->to_client, RelayEnd{ends_->from_server.ours.get(), true},
          RelayEnd{ends_->to_server.ours.get(), true}, BatchOf(memory_[0]), BatchOf(memory_[1]),
          [this] { wake_.NonBlockingCall(); });
    } catch (const std::exception& error) {
      wake_.Release();
      throw Napi::Error::New(env, error.what());
    }
    ends_->from_server.ours.Release();
    ends_->to_server.ours.Release();
    ends_.reset();
    env_ = env;
    napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  }

  // How many bytes of the batch are used that is now JavaScript's, until it takes the other one.
  Napi::Value Take(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), relay_ ? static_cast<double>(relay_->Take()) : 0);
  }

  void StopToServer(const Napi::CallbackInfo&) {
    if (relay_) relay_->Stop(Way::kToServer);
  }

  void StopToClient(const Napi::CallbackInfo&) {
    if (relay_) relay_->Stop(Way::kToClient);
  }

  void GiveUpWhenIdle(const Napi::CallbackInfo& info) {
    if (relay_) relay_->GiveUpWhenIdle(info[0].As<Napi::Number>().Uint32Value());
  }

  void Close(const Napi::CallbackInfo&) { End(); }

  static void OnEnvironmentEnd(void* handle) { static_cast<RelayHandle*>(handle)->End(); }

  // Also at the end of the environment, where there is no JavaScript left to run.
  void End() {
    ends_.reset();
    if (!relay_) return;
    relay_.reset();
    wake_.Release();
    napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  }

  napi_env env_ = nullptr;
  // Until the start.
  std::unique_ptr<Ends> ends_;
  // Used by the relay's thread, which ends before it is released.
  Napi::ThreadSafeFunction wake_;
  Napi::Reference<Napi::ArrayBuffer> memory_[2];
  std::unique_ptr<Relay> relay_;
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("RelayHandle", RelayHandle::Define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(mcp_relay, Init)
