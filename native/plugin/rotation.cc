#include "rotation.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "clock.h"

namespace mcp_audit {
namespace {

// Longer numbers are dates.
constexpr size_t kMaxIndexDigits = 6;
// Names may change between two looks; a rotation takes far less than so many.
constexpr int kMaxLooks = 20;

struct Sibling {
  std::string name;
  FileId id;
  int64_t written_ns;
  // Of "a.jsonl.7"; -1 for a dated name.
  int64_t index;

  bool operator==(const Sibling& other) const { return name == other.name && id == other.id; }
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsDateText(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c) || strchr("-_.:TZ+", c) != nullptr; });
}

// What stands for number or date in the name of a rotated file; empty when it is none.
std::string RotationPart(const std::string& name, const std::string& base, DatedNames dated) {
  const auto between = [&name](const std::string& before, const std::string& after) -> std::string {
    if (name.size() < before.size() + after.size() + 2) return "";
    if (name.compare(0, before.size(), before) != 0) return "";
    if (name.compare(name.size() - after.size(), after.size(), after) != 0) return "";
    const char separator = name[before.size()];
    if (separator != '.' && separator != '-' && separator != '_') return "";
    const std::string part = name.substr(before.size() + 1, name.size() - before.size() - after.size() - 1);
    return IsDigit(part[0]) && IsDateText(part) ? part : "";
  };
  std::string part = between(base, "");
  const size_t dot = base.rfind('.');
  if (part.empty() && dated == DatedNames::kBeforeExtensionToo && dot != std::string::npos && dot > 0)
    part = between(base.substr(0, dot), base.substr(dot));
  return part;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

// All rotated files, the older before the younger.
std::vector<Sibling> Siblings(const PlaceInFolder& place, DatedNames dated) {
  std::vector<Sibling> siblings;
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(place.folder.c_str()));
  if (!folder) return siblings;
  while (const dirent* const entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    const std::string part = RotationPart(name, place.name, dated);
    if (part.empty()) continue;
    struct stat status;
    if (fstatat(dirfd(folder.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
      continue;
    const bool is_index = part.size() <= kMaxIndexDigits && std::all_of(part.begin(), part.end(), IsDigit);
    siblings.push_back({name, FileId::Of(status), ToNs(status.st_mtim), is_index ? std::atoll(part.c_str()) : -1});
  }
  std::sort(siblings.begin(), siblings.end(), [](const Sibling& a, const Sibling& b) {
    if ((a.index < 0) != (b.index < 0)) return a.index < 0;
    return a.index != b.index ? a.index > b.index : a.name < b.name;
  });
  return siblings;
}

// What follows on the file with `id`; null when nothing does among them.
const Sibling* Next(const std::vector<Sibling>& siblings, FileId id, int64_t written_ns) {
  const auto own = std::find_if(siblings.begin(), siblings.end(), [id](const Sibling& s) { return s.id == id; });
  if (own != siblings.end()) {
    const auto next = own + 1;
    // The two ways of naming are not each other's continuation.
    return next != siblings.end() && (next->index < 0) == (own->index < 0) ? &*next : nullptr;
  }
  // It has been removed, or renamed beyond recognition: those that were written to later.
  for (const Sibling& sibling : siblings) {
    if (sibling.written_ns > written_ns) return &sibling;
  }
  return nullptr;
}

UniqueFd OpenToRead(const std::string& path) {
  // A pipe that took the file's place must not block.
  return UniqueFd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

bool IsFile(int fd, FileId id) {
  struct stat status;
  return fstat(fd, &status) == 0 && FileId::Of(status) == id;
}

}  // namespace

PlaceInFolder SplitPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::optional<FoundFile> FindSuccessor(const std::string& path, FileId id, int64_t written_ns, DatedNames dated) {
  const PlaceInFolder place = SplitPath(path);
  for (int look = 0; look < kMaxLooks; look++) {
    const std::vector<Sibling> before = Siblings(place, dated);
    struct stat at_path;
    const bool is_there = stat(path.c_str(), &at_path) == 0 && S_ISREG(at_path.st_mode);
    if (is_there && FileId::Of(at_path) == id) return std::nullopt;
    const Sibling* const next = Next(before, id, written_ns);
    if (next == nullptr && !is_there) return std::nullopt;
    const std::string next_path = next == nullptr ? path : place.folder + "/" + next->name;
    FoundFile found = {OpenToRead(next_path), next_path};
    const FileId next_id = next == nullptr ? FileId::Of(at_path) : next->id;
    if (found.fd && IsFile(found.fd.get(), next_id) && Siblings(place, dated) == before) return found;
  }
  return std::nullopt;
}

std::optional<FoundFile> FindCopy(const std::string& path, const FileTail& tail, DatedNames dated) {
  const PlaceInFolder place = SplitPath(path);
  std::vector<Sibling> siblings = Siblings(place, dated);
  for (auto sibling = siblings.rbegin(); sibling != siblings.rend(); ++sibling) {
    if (sibling->id == tail.id()) continue;
    const std::string copy_path = place.folder + "/" + sibling->name;
    UniqueFd fd = OpenToRead(copy_path);
    if (fd && tail.IsCopiedIn(fd.get())) return FoundFile{std::move(fd), copy_path};
  }
  return std::nullopt;
}

}  // namespace mcp_audit
