tb_test(metagraph DEPS tb_metagraph tb_test_support FILES lesson_export_test.cc)
