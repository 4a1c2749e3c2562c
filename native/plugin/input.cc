#include "input.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "file_input.h"
#include "folder_input.h"
#include "socket_input.h"
#include "stream_input.h"

namespace mcp_audit {
namespace {

// Throws OpenError now, instead of failing in the middle of a capture.
std::unique_ptr<Input> Follow(const OpenParams& params, Metrics* metrics) {
  if (access(params.path.c_str(), R_OK) != 0) throw OpenError(SystemError(params.path, errno));
  return std::make_unique<FollowedFileInput>(params.path, params.from_end, metrics);
}

bool IsFolder(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::unique_ptr<Input> OpenPath(const OpenParams& params, Metrics* metrics) {
  struct stat status;
  if (stat(params.path.c_str(), &status) != 0) {
    const int error = errno;
    if (error == ENOENT && params.follow && IsFolder(SplitPath(params.path).folder))
      return std::make_unique<FollowedFileInput>(params.path, params.from_end, metrics);
    throw OpenError(SystemError(params.path, error) +
                    (error == ENOENT ? "; check the path, or start the agent that writes it" : ""));
  }
  if (S_ISDIR(status.st_mode)) {
    if (params.follow) return std::make_unique<FollowedFolderInput>(params.path, params.from_end, metrics);
    return std::make_unique<FolderInput>(params.path);
  }
  if (S_ISSOCK(status.st_mode))
    throw OpenError(params.path + ": is a socket; write unix://" + params.path + " to connect to it");
  if (S_ISBLK(status.st_mode)) throw OpenError(params.path + ": is a block device, not a file of records");
  if (S_ISREG(status.st_mode)) {
    if (params.follow) return Follow(params, metrics);
    return std::make_unique<FileInput>(params.path);
  }
  if (params.from_end) throw OpenError(params.path + ": is no regular file, so that from=end says nothing");
  return std::make_unique<StreamInput>(params.path, params.follow);
}

}  // namespace

std::string SystemError(const std::string& place, int error) {
  char text[128];
  // GNU's strerror_r, which may return a text of its own.
  return place + ": " + strerror_r(error, text, sizeof text);
}

void Input::Wait(int timeout_ms) {
  const timespec duration = {timeout_ms / 1000, timeout_ms % 1000 * 1'000'000L};
  // A signal ends the wait: the host may want to stop.
  nanosleep(&duration, nullptr);
}

std::unique_ptr<Input> OpenInput(const OpenParams& params, Metrics* metrics) {
  switch (params.kind) {
    case OpenParams::Kind::kStdin:
      return std::make_unique<StreamInput>();
    case OpenParams::Kind::kSocket:
      return std::make_unique<SocketInput>(params.path, params.follow, metrics);
    case OpenParams::Kind::kPath:
      break;
  }
  return OpenPath(params, metrics);
}

}  // namespace mcp_audit
