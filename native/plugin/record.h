// A record as the values of its fields. docs/reference/reading-records.md says what counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fields.gen.h"

namespace mcp_audit {

// A value as it was read, and, once a host has asked for it, as the host gets it.
struct Value {
  // kPlain is a text that nothing is to be done to but to end it.
  enum State : uint8_t { kNone, kText, kPlain, kNumber, kTrue, kFalse, kList, kReady };
  union {
    // kText, kPlain: bytes of the line, and one behind them that may be overwritten. kNumber: a JSON number.
    // kReady: what a string field gives.
    char* text;
    const char* ready_text;
    uint64_t number;     // kReady
    falco_bool boolean;  // kReady
    Value* elements;     // kList: those whose type fits
    void* values;        // kReady: an address, or the array of a list
  };
  uint32_t length;  // bytes of a text, elements of a list
  State state;
};

// Values of the fields that a record has. Its memory belongs to an Arena and to the record's line.
class Record {
 public:
  // Fills a record, which is none before End.
  class Builder {
   public:
    // Room for the values of kFieldCount fields, or of as many as the record can have at most.
    Builder(Record* record, Value* values) : record_(record), values_(values) {
      memset(record->position_, kNowhere, sizeof record->position_);
    }

    // Where the field's value goes. A key that comes again takes the place of the earlier one.
    Value* Slot(uint32_t field) {
      uint8_t position = record_->position_[field];
      if (position == kNowhere) record_->position_[field] = position = used_++;
      return &values_[position];
    }

    size_t used() const { return used_; }

    // `values` is where they stay, used() of them.
    void End(Value* values) {
      if (values != values_) memcpy(values, values_, used_ * sizeof(Value));
      record_->values_ = values;
    }

   private:
    Record* const record_;
    Value* const values_;
    uint8_t used_ = 0;
  };

  // Null where the record has no value of the field's JSON type.
  Value* Find(uint32_t field) const {
    if (position_[field] == kNowhere) return nullptr;
    Value* const value = &values_[position_[field]];
    return value->state == Value::kNone ? nullptr : value;
  }

  // Reads the numbers among the needed fields; false when one of the needed fields has no value.
  bool HasNeeded();

  // Of a record that has what it needs.
  uint64_t timestamp() const { return Find(k_timestamp)->number; }

 private:
  static constexpr uint8_t kNowhere = 255;
  static_assert(kFieldCount < kNowhere, "a position is a byte");

  Value* values_;
  uint8_t position_[kFieldCount];
};

}  // namespace mcp_audit
