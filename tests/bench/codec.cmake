if(NOT EMSCRIPTEN)
  tb_bench(bundle DEPS tb_bundle)
  tb_bench(crc32c DEPS tb_util)
endif()
