// Device names: "/job:ps/replica:0/task:1/device:CPU:0", any part of which may
// be missing.
#ifndef TB_GRAPH_DEVICE_H_
#define TB_GRAPH_DEVICE_H_

#include <string>
#include <string_view>

#include "engine/util/result.h"

namespace tensorbundle::graph {

// The one spelling of a device: "/cpu:0" is "/device:CPU:0", and parts come in
// the order above.
// Returns ValueError "Unknown attribute: 'x' in '/x:0'", "Cannot specify
// multiple device types: /cpu:0/gpu:0".
Result<std::string> CanonicalDevice(std::string_view device);

// What nested device scopes add up to: `inner`, with the parts that it lacks
// from `outer`. REQUIRES: both came from CanonicalDevice() or are "".
std::string MergeDevices(std::string_view outer, std::string_view inner);

// The first CPU of the task that `device` belongs to: where files are read and
// written.
std::string OnCpu(std::string_view device);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_DEVICE_H_
