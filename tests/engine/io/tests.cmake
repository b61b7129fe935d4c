tb_test(io DEPS tb_io FILES host_files_test.cc memory_test.cc)
