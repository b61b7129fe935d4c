// tf.train.Saver's engine side for JavaScript.

#include <emscripten/bind.h>

#include <memory>

#include "bindings/embind/restore_handle.h"
#include "bindings/embind/saver_handle.h"

namespace tensorbundle::embind {
namespace {

SaverPointer NewSaver(GraphPointer graph) {
  return std::make_shared<SaverHandle>(std::move(graph));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_saver) {
  using emscripten::class_;
  class_<SaverHandle>("Saver")
      .smart_ptr_constructor("Saver", &NewSaver)
      .function("addKey", &SaverHandle::AddKey)
      .function("addVariable", &SaverHandle::AddVariable)
      .function("build", &SaverHandle::Build)
      .function("explainFailure", &SaverHandle::ExplainFailure)
      .function("find", &SaverHandle::Find)
      .function("def", &SaverHandle::Def)
      .function("firstKey", &SaverHandle::FirstKey);
  class_<SaveHandle>("SaveOperation")
      .constructor<SessionPointer, SaverPointer>()
      .function("begin", &SaveHandle::Begin)
      .function("next", &SaveHandle::Next)
      .function("address", &SaveHandle::address)
      .function("size", &SaveHandle::size)
      .function("totalSize", &SaveHandle::total_size)
      .function("prefixSuffix", &SaveHandle::prefix_suffix)
      .function("numFiles", &SaveHandle::num_files)
      .function("fileSuffix", &SaveHandle::FileSuffix);
  class_<RestoreHandle>("RestoreOperation")
      .constructor<SessionPointer, SaverPointer, ReaderPointer>()
      .function("prepare", &RestoreHandle::Prepare)
      .function("numReads", &RestoreHandle::num_reads)
      .function("readShard", &RestoreHandle::read_shard)
      .function("readOffset", &RestoreHandle::read_offset)
      .function("readLength", &RestoreHandle::read_length)
      .function("supply", &RestoreHandle::Supply)
      .function("finish", &RestoreHandle::Finish);
}

}  // namespace tensorbundle::embind
