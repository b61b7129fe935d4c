// Scopes: what a graph adds to every node while a scope is open - a device,
// a colocation, control inputs, attributes - and the guards that open them.
#ifndef TB_GRAPH_SCOPES_H_
#define TB_GRAPH_SCOPES_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/node.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

// The open scopes of one graph. The guards below push and pop in pairs; a host
// whose scopes do not nest in C++ (tf.controlDependencies with a callback)
// calls the pairs itself.
class Scopes {
 public:
  // `device` is canonical (device.h); what it leaves open the scopes around it
  // say.
  void PushDevice(std::string_view device);
  // Hides the device scopes around this one.
  void PushNoDevice() { devices_.emplace_back(); }
  void PopDevice() { devices_.pop_back(); }

  // Device scopes around a colocation do not apply within it.
  void PushColocation(const Node* node);
  void PopColocation();

  void PushControl(std::vector<const Node*> nodes);
  // Hides the control scopes around this one: control_dependencies(None).
  void PushNoControl();
  void PopControl() { controls_.pop_back(); }

  void PushAttrs(AttrMap attrs) { attrs_.push_back(std::move(attrs)); }
  void PopAttrs() { attrs_.pop_back(); }

  // What they say about a node that is about to be made:
  // the device, "" for none;
  std::string device() const;
  // the values of _class, sorted, each once; empty for none;
  std::vector<std::string> ColocationGroups() const;
  // the nodes it waits for. A scope whose nodes one of `inputs` already waits
  // for, because it was made under that scope, adds nothing;
  std::vector<const Node*> ControlInputs(std::span<const Output> inputs) const;
  // the attributes it gets unless it has them.
  AttrMap Attrs() const;

  // To be called with every node that was made.
  void RecordMade(const Node& node);

 private:
  struct Control {
    std::vector<const Node*> nodes;
    std::vector<const Node*> made;  // ascending by id
    bool hides_outer = false;
  };

  std::vector<std::string> devices_;
  std::vector<const Node*> colocations_;
  std::vector<Control> controls_;
  std::vector<AttrMap> attrs_;
};

// with tf.name_scope(name): enters a scope and leaves it when destroyed.
class NameScope {
 public:
  // Errors are those of Names::ScopeName.
  static Result<NameScope> Enter(Graph* graph, std::string_view name);

  NameScope(NameScope&&) noexcept = default;
  NameScope& operator=(NameScope&&) = delete;

  // What the `as` clause binds, and what an op is named after to take the
  // scope's own name: "a/b/", or "" at the root.
  const std::string& prefix() const { return prefix_; }

 private:
  struct Leave {
    void operator()(Graph* graph) const;
    std::string outer;
  };

  NameScope(Graph* graph, std::string outer, std::string prefix)
      : graph_(graph, Leave{std::move(outer)}), prefix_(std::move(prefix)) {}

  std::unique_ptr<Graph, Leave> graph_;
  std::string prefix_;
};

// with tf.device(device)
class DeviceScope {
 public:
  DeviceScope(Graph* graph, std::string_view device);
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;
  ~DeviceScope();

 private:
  Graph* graph_;
};

// with tf.colocate_with(node)
class ColocationScope {
 public:
  ColocationScope(Graph* graph, const Node* node);
  ColocationScope(const ColocationScope&) = delete;
  ColocationScope& operator=(const ColocationScope&) = delete;
  ~ColocationScope();

 private:
  Graph* graph_;
};

// with tf.control_dependencies(nodes)
class ControlScope {
 public:
  ControlScope(Graph* graph, std::vector<const Node*> nodes);
  ControlScope(const ControlScope&) = delete;
  ControlScope& operator=(const ControlScope&) = delete;
  ~ControlScope();

 private:
  Graph* graph_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_SCOPES_H_
