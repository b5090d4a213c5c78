import protobuf from 'protobufjs';

/** The part of ONNX that dense and convolution networks need. Field numbers: onnx.proto, ONNX 1.16 (IR version 8). */
const SCHEMA = `
syntax = "proto3";
message Model { int64 ir_version = 1; repeated OperatorSet opset_import = 8; Graph graph = 7; }
message OperatorSet { string domain = 1; int64 version = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int64 int64_data = 7; string name = 8; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { int64 dim_value = 1; }
`;
const MODEL = protobuf.parse(SCHEMA, {keepCase: true}).root.lookupType('Model');
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** A network written down operator by operator, as a peer's runtime reads it. */
export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #constants: object[] = [];

  constant(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.#constants.push({name, dims, data_type: FLOAT, float_data: Array.from(values)});
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    this.#constants.push({name, dims: [values.length], data_type: INT64, int64_data: values});
    return name;
  }

  /** @returns the name of the operator's output. */
  node(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    this.#nodes.push({
      input: inputs,
      output: [output],
      name: output,
      op_type: operator,
      attribute: Object.entries(attributes).map(([name, value]) =>
        typeof value === 'number'
          ? {name, i: value, type: ATTRIBUTE_INT}
          : {name, ints: value, type: ATTRIBUTE_INTS},
      ),
    });
    return output;
  }

  /** The file's bytes. `inputs` and `logits` are the names of what goes in and comes out, with their shapes. */
  bytes(shapes: Readonly<Record<'inputs' | 'logits', readonly number[]>>): Uint8Array {
    const value = (name: 'inputs' | 'logits'): object => ({
      name,
      type: {tensor_type: {elem_type: FLOAT, shape: {dim: shapes[name].map((size) => ({dim_value: size}))}}},
    });
    const graph = {
      name: 'hazards',
      node: this.#nodes,
      initializer: this.#constants,
      input: [value('inputs')],
      output: [value('logits')],
    };
    return MODEL.encode(
      MODEL.fromObject({ir_version: 8, opset_import: [{domain: '', version: 13}], graph}),
    ).finish();
  }
}
