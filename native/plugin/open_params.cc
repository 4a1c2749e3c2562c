#include "open_params.h"

#include <cstring>

namespace mcp_audit {
namespace {

constexpr const char kSocketPrefix[] = "unix://";
constexpr const char kFilePrefix[] = "file://";
constexpr const char kForms[] =
    "name a .jsonl file, a folder of them, \"unix://SOCKET\" or \"-\", and options such as \"?follow=true\"";

bool StartsWith(const std::string& text, const char* prefix) { return text.compare(0, strlen(prefix), prefix) == 0; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// In the URL forms "%3F" stands for "?", as any byte can be written.
std::string Decoded(const std::string& path) {
  std::string decoded;
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] != '%') {
      decoded += path[i];
      continue;
    }
    const int high = i + 2 < path.size() ? HexDigit(path[i + 1]) : -1;
    const int low = high < 0 ? -1 : HexDigit(path[i + 2]);
    if (low < 0 || high * 16 + low == 0)
      throw OpenError("open params: \"%\" in \"" + path + "\" is not followed by two hexadecimal digits; write it as %25");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool ParseBool(const std::string& name, const std::string& value) {
  if (value == "true") return true;
  if (value == "false") return false;
  throw OpenError("open params: " + name + " is true or false, not \"" + value + "\"");
}

void ApplyOption(const std::string& option, OpenParams* params) {
  const size_t equals = option.find('=');
  const std::string name = option.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
  if (name == "follow") {
    params->follow = ParseBool(name, value);
  } else if (name == "from") {
    if (value != "start" && value != "end")
      throw OpenError("open params: from is start or end, not \"" + value + "\"");
    params->from_end = value == "end";
  } else {
    throw OpenError("open params: unknown option \"" + name + "\"; there are follow=true|false and from=start|end");
  }
}

void ApplyOptions(const std::string& options, OpenParams* params) {
  size_t begin = 0;
  while (begin <= options.size()) {
    size_t end = options.find('&', begin);
    if (end == std::string::npos) end = options.size();
    ApplyOption(options.substr(begin, end - begin), params);
    begin = end + 1;
  }
}

void CheckOptions(const OpenParams& params) {
  if (params.kind == OpenParams::Kind::kStdin && params.follow)
    throw OpenError("open params: standard input (\"-\") can't be followed; it is read until it ends anyway");
  if (params.from_end && (params.kind != OpenParams::Kind::kPath || !params.follow))
    throw OpenError("open params: from=end is for a file or folder with follow=true");
}

}  // namespace

const char* const kOpenParamsList =
    R"([{"value":"/var/lib/mcp-observer/records.jsonl?follow=true","desc":"a file, also across rotations, for ever"},)"
    R"({"value":"/var/lib/mcp-observer?follow=true","desc":"all *.jsonl files of a folder, new ones too, for ever"},)"
    R"({"value":"/var/lib/mcp-observer/records.jsonl?follow=true&from=end","desc":"only records written from now on"},)"
    R"({"value":"/var/lib/mcp-observer/records.jsonl","desc":"a file, or a folder, read once to its end"},)"
    R"({"value":"unix:///run/mcp-observer/feed.sock?follow=true","desc":"the agent's feed; connects again when it is lost"},)"
    R"({"value":"-","desc":"standard input until its end"}])";

OpenParams ParseOpenParams(const char* text) {
  const std::string all = text == nullptr ? "" : text;
  const size_t question = all.find('?');
  std::string place = all.substr(0, question);
  OpenParams params;
  params.kind = OpenParams::Kind::kPath;
  if (place == "-") {
    params.kind = OpenParams::Kind::kStdin;
  } else if (StartsWith(place, kSocketPrefix)) {
    params.kind = OpenParams::Kind::kSocket;
    params.path = Decoded(place.substr(strlen(kSocketPrefix)));
  } else if (StartsWith(place, kFilePrefix)) {
    params.path = Decoded(place.substr(strlen(kFilePrefix)));
    if (!params.path.empty() && params.path[0] != '/')
      throw OpenError("open params: \"" + place + "\" names no absolute path; write file:///PATH");
  } else if (place.find("://") != std::string::npos) {
    throw OpenError("open params: \"" + place + "\" is of no known kind; " + kForms);
  } else {
    params.path = place;
  }
  if (params.kind != OpenParams::Kind::kStdin && params.path.empty())
    throw OpenError(std::string("open params: nothing to read is named; ") + kForms);
  if (question != std::string::npos) ApplyOptions(all.substr(question + 1), &params);
  CheckOptions(params);
  return params;
}

}  // namespace mcp_audit
