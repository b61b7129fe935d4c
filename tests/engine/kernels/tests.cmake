tb_test(kernels DEPS tb_kernels FILES
  matmul_test.cc optimizers_test.cc reduce_test.cc softmax_test.cc unary_test.cc)
