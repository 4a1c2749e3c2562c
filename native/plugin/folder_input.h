// All "*.jsonl" files of a folder, in the order of their names' bytes.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "file_input.h"
#include "input.h"

namespace mcp_audit {

// Reads those that are there at the opening, one after the other, each to its end.
class FolderInput : public Input {
 public:
  // Throws OpenError, also when there is none.
  explicit FolderInput(const std::string& path);

  State Read(Block* block) override;
  Progress progress() const override { return {read_bytes_, total_bytes_}; }

 private:
  std::deque<std::string> paths_;
  std::unique_ptr<FileInput> current_;
  uint64_t read_bytes_ = 0;
  uint64_t total_bytes_ = 0;
};

// Follows those that are there and those that come: first each to its end, then whichever grows.
class FollowedFolderInput : public Input {
 public:
  // Throws OpenError.
  FollowedFolderInput(const std::string& path, bool from_end, Metrics* metrics);

  State Read(Block* block) override;
  Progress progress() const override;

 private:
  // Takes in new files, gives up those that are gone.
  void Look(bool from_end);
  bool Knows(FileId id) const;
  void KeepLeft(FollowedFile* file);

  const std::string path_;
  Metrics* const metrics_;
  // In the order of names.
  std::vector<std::unique_ptr<FollowedFile>> files_;
  // Read under another name, and still among the folder's "*.jsonl": not to be read again.
  std::vector<std::unique_ptr<FileTail>> renamed_;
  size_t turn_ = 0;
  int blocks_of_turn_ = 0;
  int64_t next_look_ms_ = 0;
};

}  // namespace mcp_audit
