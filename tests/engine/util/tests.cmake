tb_test(util DEPS tb_util tb_test_support FILES
  coding_test.cc
  crc32c_test.cc
  decimal_test.cc
  float16_test.cc
  ordered_code_test.cc
  utf8_test.cc
  wire_test.cc)
