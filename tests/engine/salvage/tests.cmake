tb_test(salvage DEPS tb_salvage tb_test_support FILES
  block_search_test.cc
  flipped_bit_test.cc
  index_salvage_test.cc
  table_scan_test.cc)
