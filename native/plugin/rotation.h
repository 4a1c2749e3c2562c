// Finds rotated files by their names: "a.jsonl.1" (older ones have larger numbers), and
// "a.jsonl-20260131", "a.jsonl.2026-01-31T10:00:00", "a-20260131.jsonl" (older ones have smaller dates).
#pragma once

#include <optional>
#include <string>

#include "file_tail.h"
#include "unique_fd.h"

namespace mcp_audit {

// A path's folder, as a string that can be opened, and what it is called there.
struct PlaceInFolder {
  std::string folder;
  std::string name;
};
PlaceInFolder SplitPath(const std::string& path);

// Files that end like a record file are left to who reads the whole folder.
enum class DatedNames { kBeforeExtensionToo, kBehindOnly };

struct FoundFile {
  UniqueFd fd;
  std::string path;
};

// The file that was written after the one with `id`, of those that were once at `path`, or are. None
// where that can't be said now: nobody is at `path`, or names are changing; it can be tried again.
std::optional<FoundFile> FindSuccessor(const std::string& path, FileId id, int64_t written_ns, DatedNames dated);

// A copy of the file that `tail` has read, made before it was truncated.
std::optional<FoundFile> FindCopy(const std::string& path, const FileTail& tail, DatedNames dated);

}  // namespace mcp_audit
