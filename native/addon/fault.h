// What goes wrong below JavaScript: a code of src/base/errors.ts and a text for people.
#pragma once

#include <stdexcept>
#include <string>

class Fault : public std::runtime_error {
 public:
  Fault(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};
