tb_test(checkpoint DEPS tb_checkpoint tb_test_support FILES
  posix_path_test.cc
  state_file_corpus_test.cc
  state_file_test.cc)
