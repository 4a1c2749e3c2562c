#include "folder_input.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "clock.h"

namespace mcp_audit {
namespace {

constexpr const char kExtension[] = ".jsonl";
constexpr size_t kExtensionBytes = sizeof kExtension - 1;
constexpr int64_t kLookMs = 250;
// Each takes a file descriptor, of which a process has 1024 by default.
constexpr size_t kMaxFollowed = 512;
// A file that always has something more does not keep the others waiting.
constexpr int kMaxBlocksOfTurn = 64;

struct Entry {
  std::string path;
  FileId id;
  uint64_t bytes;
};

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

// False, with errno, when the folder can't be read.
bool ListFiles(const std::string& path, std::vector<Entry>* entries) {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return false;
  while (const dirent* const entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name.size() <= kExtensionBytes || name[0] == '.') continue;
    if (name.compare(name.size() - kExtensionBytes, kExtensionBytes, kExtension) != 0) continue;
    struct stat status;
    if (fstatat(dirfd(folder.get()), name.c_str(), &status, 0) != 0 || !S_ISREG(status.st_mode)) continue;
    entries->push_back({path + "/" + name, FileId::Of(status), static_cast<uint64_t>(status.st_size)});
  }
  std::sort(entries->begin(), entries->end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return true;
}

}  // namespace

FolderInput::FolderInput(const std::string& path) {
  std::vector<Entry> entries;
  if (!ListFiles(path, &entries)) throw OpenError(SystemError(path, errno));
  if (entries.empty())
    throw OpenError(path + ": no *.jsonl file is in this folder; name another one, or follow it with ?follow=true");
  for (const Entry& entry : entries) {
    paths_.push_back(entry.path);
    total_bytes_ += entry.bytes;
  }
  // That the first can't be read is told now; of the others it is told at their turn.
  current_ = std::make_unique<FileInput>(paths_.front());
  paths_.pop_front();
}

Input::State FolderInput::Read(Block* block) {
  while (true) {
    const uint64_t before = current_->progress().read_bytes;
    const State state = current_->Read(block);
    read_bytes_ += current_->progress().read_bytes - before;
    if (state != State::kEnded || paths_.empty()) return state;
    try {
      current_ = std::make_unique<FileInput>(paths_.front());
    } catch (const OpenError& error) {
      throw InputError(error.what());
    }
    paths_.pop_front();
  }
}

FollowedFolderInput::FollowedFolderInput(const std::string& path, bool from_end, Metrics* metrics)
    : path_(path), metrics_(metrics) {
  std::vector<Entry> entries;
  if (!ListFiles(path, &entries)) throw OpenError(SystemError(path, errno));
  if (entries.size() > kMaxFollowed)
    throw OpenError(path + ": has " + std::to_string(entries.size()) + " *.jsonl files, of which " +
                    std::to_string(kMaxFollowed) + " can be followed; move old ones away");
  for (const Entry& entry : entries) {
    if (access(entry.path.c_str(), R_OK) != 0) throw OpenError(SystemError(entry.path, errno));
  }
  Look(from_end);
}

bool FollowedFolderInput::Knows(FileId id) const {
  return std::any_of(files_.begin(), files_.end(), [id](const auto& file) { return file->Holds(id); }) ||
         std::any_of(renamed_.begin(), renamed_.end(), [id](const auto& tail) { return tail->id() == id; });
}

void FollowedFolderInput::KeepLeft(FollowedFile* file) {
  for (auto& tail : file->TakeLeft()) renamed_.push_back(std::move(tail));
}

void FollowedFolderInput::Look(bool from_end) {
  std::vector<Entry> entries;
  if (!ListFiles(path_, &entries)) return;
  for (const auto& file : files_) KeepLeft(file.get());
  const auto is_listed = [&entries](FileId id) {
    return std::any_of(entries.begin(), entries.end(), [id](const Entry& entry) { return entry.id == id; });
  };
  renamed_.erase(std::remove_if(renamed_.begin(), renamed_.end(),
                                [&](const auto& tail) { return !is_listed(tail->id()); }),
                 renamed_.end());
  files_.erase(std::remove_if(files_.begin(), files_.end(), [](const auto& file) { return file->IsGone(); }),
               files_.end());
  for (const Entry& entry : entries) {
    if (files_.size() + renamed_.size() >= kMaxFollowed) break;
    const auto at = std::lower_bound(files_.begin(), files_.end(), entry.path,
                                     [](const auto& file, const std::string& path) { return file->path() < path; });
    if ((at != files_.end() && (*at)->path() == entry.path) || Knows(entry.id)) continue;
    auto file = std::make_unique<FollowedFile>(entry.path, from_end, DatedNames::kBehindOnly, metrics_);
    file->KeepLeft();
    files_.insert(at, std::move(file));
  }
  if (turn_ >= files_.size()) turn_ = 0;
}

Input::State FollowedFolderInput::Read(Block* block) {
  if (NowMs() >= next_look_ms_) {
    Look(false);
    next_look_ms_ = NowMs() + kLookMs;
  }
  for (size_t tried = 0; tried < files_.size(); tried++) {
    if (files_[turn_]->Read(block) == State::kBytes) {
      if (++blocks_of_turn_ >= kMaxBlocksOfTurn) {
        blocks_of_turn_ = 0;
        turn_ = (turn_ + 1) % files_.size();
      }
      return State::kBytes;
    }
    blocks_of_turn_ = 0;
    turn_ = (turn_ + 1) % files_.size();
  }
  return State::kIdle;
}

Input::Progress FollowedFolderInput::progress() const {
  Progress sum = {0, 0};
  for (const auto& file : files_) {
    const Progress own = file->progress();
    sum.read_bytes += own.read_bytes;
    sum.total_bytes += own.total_bytes;
  }
  return sum;
}

}  // namespace mcp_audit
