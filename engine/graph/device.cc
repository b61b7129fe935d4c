// DeviceSpec of tensorflow/python/framework/device.py.
#include "engine/graph/device.h"

#include <algorithm>
#include <vector>

namespace tensorbundle::graph {

namespace {

struct DeviceSpec {
  std::string job;
  std::string replica;
  std::string task;
  std::string device;  // "CPU:0"

  std::string ToString() const {
    std::string text;
    if (!job.empty()) text += "/job:" + job;
    if (!replica.empty()) text += "/replica:" + replica;
    if (!task.empty()) text += "/task:" + task;
    if (!device.empty()) text += "/device:" + device;
    return text;
  }
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

Result<DeviceSpec> Parse(std::string_view text) {
  DeviceSpec spec;
  for (const std::string& part : Split(text, '/')) {
    const std::vector<std::string> words = Split(part, ':');
    const std::string& name = words[0];
    const std::string type = Upper(name);
    if (name.empty()) continue;
    if (words.size() == 2 && name == "job") {
      spec.job = words[1];
    } else if (words.size() == 2 && name == "replica") {
      spec.replica = words[1];
    } else if (words.size() == 2 && name == "task") {
      spec.task = words[1];
    } else if ((words.size() <= 2 && (type == "CPU" || type == "GPU")) ||
               (words.size() == 3 && name == "device")) {
      if (!spec.device.empty()) {
        return PyValueError("Cannot specify multiple device types: " +
                            std::string(text));
      }
      spec.device = name == "device"
                        ? words[1] + ":" + words[2]
                        : type + ":" + (words.size() == 2 ? words[1] : "*");
    } else {
      return PyValueError("Unknown attribute: '" + name + "' in '" +
                          std::string(text) + "'");
    }
  }
  return spec;
}

}  // namespace

Result<std::string> CanonicalDevice(std::string_view device) {
  TB_ASSIGN_OR_RETURN(const DeviceSpec spec, Parse(device));
  return spec.ToString();
}

std::string MergeDevices(std::string_view outer, std::string_view inner) {
  Result<DeviceSpec> merged = Parse(outer);
  const Result<DeviceSpec> over = Parse(inner);
  if (!merged.ok() || !over.ok()) return std::string(inner);
  for (std::string DeviceSpec::*part :
       {&DeviceSpec::job, &DeviceSpec::replica, &DeviceSpec::task,
        &DeviceSpec::device}) {
    if (!((*over).*part).empty()) (*merged).*part = (*over).*part;
  }
  return merged->ToString();
}

std::string OnCpu(std::string_view device) {
  return MergeDevices(device, "/device:CPU:0");
}

}  // namespace tensorbundle::graph
