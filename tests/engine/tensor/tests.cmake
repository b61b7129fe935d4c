tb_test(tensor DEPS tb_tensor FILES dtype_test.cc slice_copy_test.cc
        slice_cover_test.cc slice_spec_test.cc)
