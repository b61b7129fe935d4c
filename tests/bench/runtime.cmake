if(NOT EMSCRIPTEN)
  tb_bench(random DEPS tb_random)
endif()
