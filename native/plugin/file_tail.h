// One file, by its inode: read from where it was left.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "block.h"
#include "unique_fd.h"

namespace mcp_audit {

// Which file it is, whatever its name: valid while the file is held open, or exists.
struct FileId {
  dev_t device;
  ino_t inode;

  static FileId Of(const struct stat& status) { return {status.st_dev, status.st_ino}; }
  bool operator==(const FileId& other) const { return device == other.device && inode == other.inode; }
  bool operator!=(const FileId& other) const { return !(*this == other); }
};

class FileTail {
 public:
  enum class State { kBytes, kAtEnd, kTruncated };

  // Throws InputError when the file can't be looked at.
  FileTail(UniqueFd fd, const std::string& name);

  // Begins at the file's end, with the first line that begins there.
  void SkipToEnd();

  // Throws InputError. kTruncated: the file does not hold any more what was read of it.
  State Read(Block* block);

  // Begins at the file's start again; its half line is given up.
  void Restart();

  // Goes on in a copy of the file, where this one was left.
  void ContinueIn(UniqueFd copy);

  // Whether `fd` has, before our position, what we have read.
  bool IsCopiedIn(int fd) const;

  // For a file that is about to be left: its half line as the last one. False where there is none.
  bool Finish(Block* block);

  FileId id() const { return id_; }
  const std::string& name() const { return name_; }
  const HalfLine& half() const { return half_; }
  uint64_t position() const { return static_cast<uint64_t>(position_); }
  uint64_t size() const;
  // Whether no name leads to it any more.
  bool is_deleted() const;
  // When it was written to last.
  int64_t written_ns() const;
  // Since when its end has been seen, on the clock of NowMs; negative when it is not at its end.
  int64_t at_end_since_ms() const { return at_end_since_ms_; }

 private:
  // What was read last is compared at each look: a truncated file may have grown again since.
  static constexpr size_t kMarkBytes = 64;

  void KeepMark(const char* end, size_t count);

  UniqueFd fd_;
  FileId id_;
  std::string name_;
  off_t position_ = 0;
  HalfLine half_;
  char mark_[kMarkBytes];
  size_t mark_bytes_ = 0;
  int64_t at_end_since_ms_ = -1;
};

}  // namespace mcp_audit
