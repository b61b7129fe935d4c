tb_test(util DEPS tb_util FILES ordered_code_test.cc)
