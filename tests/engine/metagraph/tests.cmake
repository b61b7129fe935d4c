tb_test(metagraph DEPS tb_metagraph tb_test_support FILES
  canonical.cc
  genuine_files_test.cc
  import_test.cc
  lesson_export_test.cc
  tensor_proto_test.cc
  text_format_test.cc
  summary_test.cc)
