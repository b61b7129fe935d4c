tb_test(graph DEPS tb_graph FILES
  attr_value_test.cc collections_test.cc graph_test.cc lookup_test.cc
  names_test.cc op_spec_parser_test.cc partial_shape_test.cc scopes_test.cc
  seed_test.cc shape_inference_test.cc variable_scopes_test.cc)
