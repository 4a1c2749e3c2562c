// A file that is read once, and one that is followed over its rotations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "file_tail.h"
#include "input.h"
#include "rotation.h"

namespace mcp_audit {

// Throws OpenError.
std::unique_ptr<FileTail> OpenTail(const std::string& path);

class FileInput : public Input {
 public:
  // Throws OpenError.
  explicit FileInput(const std::string& path) : tail_(OpenTail(path)) {}

  State Read(Block* block) override;
  Progress progress() const override { return {tail_->position(), tail_->size()}; }

 private:
  std::unique_ptr<FileTail> tail_;
};

// Follows what is written to a path. A rotated file is read to its end first; after that it is held
// for a while, for a writer that still has it open.
class FollowedFile {
 public:
  // The file need not be there yet.
  FollowedFile(const std::string& path, bool from_end, DatedNames dated, Metrics* metrics);

  // Throws InputError. Never kEnded.
  Input::State Read(Block* block);

  const std::string& path() const { return path_; }
  bool Holds(FileId id) const;
  // Whether it has nothing open, and nothing is at its path.
  bool IsGone() const;
  Input::Progress progress() const;

  // Files that were left for good, for who wants to know them: their inodes can't be used again
  // while these exist.
  std::vector<std::unique_ptr<FileTail>> TakeLeft() { return std::move(left_); }
  void KeepLeft() { keeps_left_ = true; }

 private:
  struct Rotated {
    std::unique_ptr<FileTail> tail;
    int64_t until_ms;
  };

  bool OpenCurrent();
  void Truncated();
  void Unreadable(int error);
  // Whether nothing more is to be expected of the current file, now that it has a successor.
  bool IsOver() const;
  // True when there is another current file.
  bool MoveOn();
  // True when `block` has lines of a file that was rotated away.
  bool ReadRotated(Block* block);
  void Leave(std::unique_ptr<FileTail> tail);

  const std::string path_;
  const DatedNames dated_;
  Metrics* const metrics_;
  std::unique_ptr<FileTail> current_;
  // The copy that is read before `current_`, a truncated file.
  std::unique_ptr<FileTail> copy_;
  std::vector<Rotated> rotated_;
  std::vector<std::unique_ptr<FileTail>> left_;
  bool keeps_left_ = false;
  int64_t next_look_ms_ = 0;
  int64_t unreadable_since_ms_ = -1;
  uint64_t read_before_ = 0;
};

class FollowedFileInput : public Input {
 public:
  FollowedFileInput(const std::string& path, bool from_end, Metrics* metrics)
      : file_(path, from_end, DatedNames::kBeforeExtensionToo, metrics) {}

  State Read(Block* block) override { return file_.Read(block); }
  Progress progress() const override { return file_.progress(); }

 private:
  FollowedFile file_;
};

}  // namespace mcp_audit
