if(EMSCRIPTEN)
  tb_bench(kernels_wasm DEPS tb_kernels tb_eigen FILES eigen_matmul.cc)
  # Eigen's vectors reach WebAssembly through Emscripten's emulation of SSE.
  # Emscripten 3.1.6 lacks the header that Eigen names first, and needs nothing
  # out of it. Eigen's buffers on the stack want a larger one.
  set(tb_eigen_shim ${CMAKE_CURRENT_BINARY_DIR}/eigen_shim)
  file(WRITE ${tb_eigen_shim}/mmintrin.h "")
  set_source_files_properties(eigen_matmul.cc PROPERTIES
    COMPILE_OPTIONS -msse4.2 INCLUDE_DIRECTORIES ${tb_eigen_shim})
  target_link_options(kernels_wasm_bench PRIVATE -sTOTAL_STACK=1MB)
else()
  tb_bench(conv DEPS tb_kernels)
  tb_bench(matmul DEPS tb_kernels tb_eigen FILES eigen_matmul.cc)
  tb_bench(unary DEPS tb_kernels)
endif()
