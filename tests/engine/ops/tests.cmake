tb_test(ops DEPS tb_ops FILES
  apply_op_test.cc array_cast_test.cc control_flow_test.cc lesson_test.cc literal_test.cc
  math_test.cc random_test.cc standard_ops_test.cc variable_draft_test.cc variable_test.cc)
