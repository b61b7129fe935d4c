// HostFiles for JavaScript: how core/operation.ts answers what an operation
// asks for.

#include <emscripten/bind.h>

#include <memory>
#include <string>

#include "bindings/embind/convert.h"
#include "engine/io/host_files.h"

namespace tensorbundle::embind {
namespace {

using io::HostFiles;

int NeedKind(const HostFiles& files) {
  return static_cast<int>(files.need().kind);
}
std::string NeedFile(const HostFiles& files) { return files.need().file; }
double NeedOffset(const HostFiles& files) {
  return static_cast<double>(files.need().offset);
}
double NeedLength(const HostFiles& files) {
  return static_cast<double>(files.need().length);
}

void AddFile(HostFiles& files, const std::string& name, double size) {
  files.AddFile(name, static_cast<uint64_t>(size));
}

void AddError(HostFiles& files, const std::string& name, int code,
              const std::string& message) {
  files.AddError(name, Status(static_cast<Code>(code), message));
}

// The address to fill, or 0: lastError() says why.
uintptr_t Reserve(HostFiles& files, const std::string& name, double offset,
                  double length) {
  const Result<uint8_t*> memory = files.Reserve(
      name, static_cast<uint64_t>(offset), static_cast<uint64_t>(length));
  Report(memory.status());
  return memory.ok() ? reinterpret_cast<uintptr_t>(*memory) : 0;
}

int Commit(HostFiles& files, const std::string& name, double offset,
           double length) {
  return Report(files.Commit(name, static_cast<uint64_t>(offset),
                             static_cast<uint64_t>(length)));
}

void Trim(HostFiles& files, double max_bytes) {
  files.Trim(static_cast<uint64_t>(max_bytes));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_host_files) {
  emscripten::class_<HostFiles>("HostFiles")
      .smart_ptr_constructor("HostFiles", &std::make_shared<HostFiles>)
      .function("needKind", &NeedKind)
      .function("needFile", &NeedFile)
      .function("needOffset", &NeedOffset)
      .function("needLength", &NeedLength)
      .function("addFile", &AddFile)
      .function("addError", &AddError)
      .function("reserve", &Reserve)
      .function("commit", &Commit)
      .function("trim", &Trim);
}

}  // namespace tensorbundle::embind
