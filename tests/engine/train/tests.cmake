tb_test(train DEPS tb_train tb_io FILES save_restore_test.cc saver_graph_test.cc)
