tb_test(random DEPS tb_random FILES fill_test.cc libm_test.cc philox_test.cc)

# Not a test: what tests of the package compare whole files of numbers with.
add_executable(random_stream ${CMAKE_CURRENT_LIST_DIR}/random_stream.cc)
target_link_libraries(random_stream PRIVATE tb_random tb_own_options)
add_dependencies(random_test random_stream)
if(EMSCRIPTEN)
  # Without EXIT_RUNTIME: leaving Node at the end of main() would cut off what
  # a pipe has not taken yet.
  target_link_options(random_stream PRIVATE -sALLOW_MEMORY_GROWTH
                      -sENVIRONMENT=node -sSINGLE_FILE)
endif()
