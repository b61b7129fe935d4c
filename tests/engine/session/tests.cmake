tb_test(session DEPS tb_session tb_ops FILES
  executor_test.cc gradients_test.cc kernels_test.cc op_values_test.cc
  pruner_test.cc
  random_ops_test.cc session_test.cc training_test.cc variables_test.cc)
