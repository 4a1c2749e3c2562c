// A record in one line for people.
#pragma once

#include <string>

#include "arena.h"
#include "record.h"

namespace mcp_audit {

// Always sanitised: it is for a terminal.
std::string EventText(const Record& record, Arena* arena);

}  // namespace mcp_audit
