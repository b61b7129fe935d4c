# What tests of several folders share; no test of its own.
add_library(tb_test_support STATIC
  ${CMAKE_CURRENT_LIST_DIR}/corpus.cc
  ${CMAKE_CURRENT_LIST_DIR}/goldens.cc
  ${CMAKE_CURRENT_LIST_DIR}/hex.cc
  ${CMAKE_CURRENT_LIST_DIR}/json.cc
  ${CMAKE_CURRENT_LIST_DIR}/sha256.cc)
target_link_libraries(tb_test_support PUBLIC tb_tensor PRIVATE tb_own_options)
target_compile_definitions(tb_test_support PRIVATE
  TB_TEST_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
