tb_test(bundle DEPS tb_bundle tb_test_support FILES
  bundle_facts.cc
  bundle_reader_test.cc
  bundle_writer_test.cc
  damage_test.cc
  entry_records_test.cc
  entry_test.cc
  explain_test.cc
  names_test.cc
  read_plan_test.cc
  slice_key_test.cc
  string_tensor_test.cc
  tensor_decoder_test.cc
  variant_tensor_test.cc)
