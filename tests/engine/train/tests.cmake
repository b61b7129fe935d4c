tb_test(train DEPS tb_train tb_io FILES checkpoint_initializer_test.cc
        restore_formats_test.cc save_restore_test.cc saver_graph_test.cc)
