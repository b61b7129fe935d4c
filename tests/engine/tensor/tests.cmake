tb_test(tensor DEPS tb_tensor FILES dtype_test.cc)
