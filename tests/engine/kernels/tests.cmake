tb_test(kernels DEPS tb_kernels FILES
  elementwise_test.cc arrange_test.cc batch_norm_test.cc cast_test.cc indexing_test.cc
  conv2d_test.cc pool_test.cc
  matmul_test.cc optimizers_test.cc qr_test.cc reduce_test.cc softmax_test.cc unary_test.cc)
