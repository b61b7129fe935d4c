#include "engine/util/coding.h"

namespace tensorbundle {

void AppendFixed32(std::string* out, uint32_t value) {
  const char bytes[] = {
      static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff),
      static_cast<char>(value >> 16 & 0xff), static_cast<char>(value >> 24)};
  out->append(bytes, sizeof(bytes));
}

void AppendFixed64(std::string* out, uint64_t value) {
  AppendFixed32(out, static_cast<uint32_t>(value));
  AppendFixed32(out, static_cast<uint32_t>(value >> 32));
}

void AppendVarint32(std::string* out, uint32_t value) {
  AppendVarint64(out, value);
}

void AppendVarint64(std::string* out, uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

size_t VarintSize(uint64_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

bool Cursor::ReadFixed32(uint32_t* value) {
  if (remaining() < 4) return false;
  *value = DecodeFixed32(p_);
  p_ += 4;
  return true;
}

bool Cursor::ReadFixed64(uint64_t* value) {
  if (remaining() < 8) return false;
  *value = DecodeFixed64(p_);
  p_ += 8;
  return true;
}

bool Cursor::ReadVarint32(uint32_t* value) {
  uint32_t result = 0;
  const uint8_t* p = p_;
  for (unsigned shift = 0; shift < 35 && p < end_; shift += 7) {
    const uint8_t byte = *p++;
    result |= static_cast<uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      p_ = p;
      return true;
    }
  }
  return false;
}

bool Cursor::ReadVarint64(uint64_t* value) {
  uint64_t result = 0;
  const uint8_t* p = p_;
  for (unsigned shift = 0; shift < 70 && p < end_; shift += 7) {
    const uint8_t byte = *p++;
    result |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      p_ = p;
      return true;
    }
  }
  return false;
}

bool Cursor::ReadBytes(uint64_t length, Bytes* bytes) {
  if (length > remaining()) return false;
  *bytes = Bytes(p_, static_cast<size_t>(length));
  p_ += static_cast<size_t>(length);
  return true;
}

bool Cursor::Skip(uint64_t length) {
  Bytes skipped;
  return ReadBytes(length, &skipped);
}

}  // namespace tensorbundle
