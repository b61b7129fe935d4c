tb_test(table DEPS tb_table tb_test_support FILES
  block_test.cc
  compression_test.cc
  snappy_decode_test.cc
  table_test.cc)
