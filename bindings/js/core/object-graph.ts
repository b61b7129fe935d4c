/// The object graph of a TensorFlow 2 checkpoint: the message TrackableObjectGraph
/// (tensorflow/core/protobuf/trackable_object_graph.proto), stored under {@link OBJECT_GRAPH_KEY}.
///
///     TrackableObjectGraph   0a nodes*
///     TrackableObject        0a children*  12 attributes*  1a slot_variables*
///     ObjectReference        08 node_id  12 local_name
///     SerializedTensor       0a name  12 full_name  1a checkpoint_key  20 optional_restore
///     SlotVariableReference  08 original_variable_node_id  12 slot_name  18 slot_variable_node_id
///
/// Numbers are varints, texts and messages are preceded by their length; what is zero or empty is left out.

import { DataLossError } from './errors.js';
import { decodeName, encodeName } from './names.js';

/** The key of the object graph, a scalar string. */
export const OBJECT_GRAPH_KEY = '_CHECKPOINTABLE_OBJECT_GRAPH';

/** An edge: under which name an object knows another. */
export interface ObjectReference {
  readonly nodeId: number;
  readonly localName: string;
}

/** A value of an object, and where the checkpoint holds it. */
export interface SerializedTensor {
  /** `VARIABLE_VALUE` for variables. */
  readonly name: string;
  /** What the variable was called in its graph. */
  readonly fullName: string;
  readonly checkpointKey: string;
  readonly optionalRestore: boolean;
}

/** A variable that an optimizer keeps for another one. */
export interface SlotVariableReference {
  readonly originalVariableNodeId: number;
  readonly slotName: string;
  readonly slotVariableNodeId: number;
}

/** One object. Node 0 is the root. */
export interface TrackableObject {
  readonly children: readonly ObjectReference[];
  readonly attributes: readonly SerializedTensor[];
  readonly slotVariables: readonly SlotVariableReference[];
}

/** The bytes of the message, as TensorFlow serialises it. */
export function serializeObjectGraph(nodes: readonly TrackableObject[]): Uint8Array {
  const out: number[] = [];
  for (const node of nodes) {
    message(out, 1, (body) => {
      for (const { nodeId, localName } of node.children) {
        message(body, 1, (child) => {
          number(child, 1, nodeId);
          text(child, 2, localName);
        });
      }
      for (const attribute of node.attributes) {
        message(body, 2, (tensor) => {
          text(tensor, 1, attribute.name);
          text(tensor, 2, attribute.fullName);
          text(tensor, 3, attribute.checkpointKey);
          number(tensor, 4, Number(attribute.optionalRestore));
        });
      }
      for (const slot of node.slotVariables) {
        message(body, 3, (reference) => {
          number(reference, 1, slot.originalVariableNodeId);
          text(reference, 2, slot.slotName);
          number(reference, 3, slot.slotVariableNodeId);
        });
      }
    });
  }
  return Uint8Array.from(out);
}

/**
 * The nodes in `bytes`. Fields that are unknown are passed over.
 * @throws {DataLossError} when the bytes are no such message, or a node refers to one that does not exist.
 */
export function parseObjectGraph(bytes: Uint8Array): TrackableObject[] {
  const nodes: TrackableObject[] = [];
  for (const field of fields(bytes)) {
    if (field.number === 1 && field.bytes !== undefined) nodes.push(parseNode(field.bytes));
  }
  const exists = (id: number) => id >= 0 && id < nodes.length;
  for (const { children, slotVariables } of nodes) {
    if (
      children.every(({ nodeId }) => exists(nodeId)) &&
      slotVariables.every(
        (slot) => exists(slot.originalVariableNodeId) && exists(slot.slotVariableNodeId),
      )
    ) {
      continue;
    }
    throw damaged('a node refers to one that does not exist');
  }
  return nodes;
}

/** A node as protobuf's text format prints it; TensorFlow's messages quote it. */
export function objectText(node: TrackableObject): string {
  const blocks: [name: string, lines: [string, string | number | boolean][]][] = [
    ...node.children.map(({ nodeId, localName }): (typeof blocks)[0] => [
      'children',
      [
        ['node_id', nodeId],
        ['local_name', localName],
      ],
    ]),
    ...node.attributes.map((attribute): (typeof blocks)[0] => [
      'attributes',
      [
        ['name', attribute.name],
        ['full_name', attribute.fullName],
        ['checkpoint_key', attribute.checkpointKey],
        ['optional_restore', attribute.optionalRestore],
      ],
    ]),
    ...node.slotVariables.map((slot): (typeof blocks)[0] => [
      'slot_variables',
      [
        ['original_variable_node_id', slot.originalVariableNodeId],
        ['slot_name', slot.slotName],
        ['slot_variable_node_id', slot.slotVariableNodeId],
      ],
    ]),
  ];
  return blocks
    .map(([name, lines]) => {
      const set = lines.filter(([, value]) => value !== 0 && value !== '' && value !== false);
      return `${name} {\n${set.map(([key, value]) => `  ${key}: ${quoted(value)}\n`).join('')}}\n`;
    })
    .join('');
}

const BACKSLASHED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

function quoted(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const escaped = [...encodeName(value)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character in BACKSLASHED) return BACKSLASHED[character]!;
    return byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function varint(out: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) + 0x80);
  out.push(rest);
}

function number(out: number[], field: number, value: number): void {
  if (value === 0) return;
  out.push((field << 3) | VARINT);
  varint(out, value);
}

function delimited(
  out: number[],
  field: number,
  bytes: Iterable<number> & { length: number },
): void {
  out.push((field << 3) | LENGTH_DELIMITED);
  varint(out, bytes.length);
  for (const byte of bytes) out.push(byte);
}

function text(out: number[], field: number, value: string): void {
  if (value !== '') delimited(out, field, encodeName(value));
}

function message(out: number[], field: number, write: (body: number[]) => void): void {
  const body: number[] = [];
  write(body);
  delimited(out, field, body);
}

/** A field: the payload of one that has a length, the value of a varint. */
interface Field {
  readonly number: number;
  readonly bytes?: Uint8Array;
  readonly value: number;
}

function* fields(bytes: Uint8Array): Generator<Field, void, void> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 0x80) {
      const byte = bytes[at++];
      if (byte === undefined) throw damaged('it is cut off');
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return value;
    }
    throw damaged('a number is too long');
  };
  while (at < bytes.length) {
    const tag = next();
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === VARINT) {
      yield { number: field, value: next() };
      continue;
    }
    const length =
      type === LENGTH_DELIMITED ? next() : type === FIXED64 ? 8 : type === FIXED32 ? 4 : undefined;
    if (length === undefined) throw damaged(`wire type ${type} is unknown`);
    if (length > bytes.length - at) throw damaged('it is cut off');
    if (type === LENGTH_DELIMITED) {
      yield { number: field, value: 0, bytes: bytes.subarray(at, at + length) };
    }
    at += length;
  }
}

function parseNode(bytes: Uint8Array): TrackableObject {
  const children: ObjectReference[] = [];
  const attributes: SerializedTensor[] = [];
  const slotVariables: SlotVariableReference[] = [];
  for (const field of fields(bytes)) {
    if (field.bytes === undefined) continue;
    const part = new Part(field.bytes);
    if (field.number === 1) {
      children.push({ nodeId: part.number(1), localName: part.text(2) });
    } else if (field.number === 2) {
      attributes.push({
        name: part.text(1),
        fullName: part.text(2),
        checkpointKey: part.text(3),
        optionalRestore: part.number(4) !== 0,
      });
    } else if (field.number === 3) {
      slotVariables.push({
        originalVariableNodeId: part.number(1),
        slotName: part.text(2),
        slotVariableNodeId: part.number(3),
      });
    }
  }
  return { children, attributes, slotVariables };
}

/** The scalar fields of a message; of one that is there twice the last counts. */
class Part {
  readonly #fields: ReadonlyMap<number, Field>;

  constructor(bytes: Uint8Array) {
    this.#fields = new Map([...fields(bytes)].map((field) => [field.number, field]));
  }

  number(field: number): number {
    return this.#fields.get(field)?.value ?? 0;
  }

  text(field: number): string {
    return decodeName(this.#fields.get(field)?.bytes ?? new Uint8Array());
  }
}

function damaged(why: string): DataLossError {
  return new DataLossError(`Unable to parse the object graph of the checkpoint: ${why}`);
}
