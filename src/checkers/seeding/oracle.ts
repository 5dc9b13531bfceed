// What a topo makes of a record, computed in order and alone: the oracle that a cluster is compared
// with. It is written anew from the specification (seed 000; streams §2.3), so that it does not
// share the cluster's mistakes.

/** A specification as clients submit it. */
export interface Spec {
  readonly streams: readonly { readonly name: string; readonly type: string }[];
  readonly vertices: readonly Vertex[];
  readonly outlets: readonly { readonly type: string; readonly sink: string }[];
  readonly instances: readonly (readonly [string, string])[];
  readonly ack: boolean;
}

interface Vertex {
  readonly name: string;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly code: { readonly hash: string };
}

export interface Output {
  readonly sink: string;
  readonly record: string;
  readonly value: number;
}

/** What comes out of a record, and what it adds to the sum of each vertex. */
interface Outcome {
  readonly outputs: readonly Output[];
  readonly sums: readonly (readonly [vertex: string, value: number])[];
}

/** Records that one can become; a graph with a cycle would go on for ever. */
const recordsMax = 10_000;

/** `codes`: texts by hash. O(what comes out). */
export function outcomeOf(
  spec: Spec,
  codes: ReadonlyMap<string, string>,
  input: { readonly stream: string; readonly seq: number; readonly value: number },
): Outcome {
  const outputs: Output[] = [];
  const sums: [string, number][] = [];
  const type = spec.streams.find(({ name }) => name === input.stream)?.type ?? '';
  const queue = [{ type, record: `${input.stream}@${input.seq}`, value: input.value }];
  for (const each of queue) {
    if (queue.length > recordsMax) throw new Error('records come back to where they were made');
    const fits = typesOf(spec, each.type);
    const sinks = spec.outlets.filter((outlet) => fits.has(outlet.type)).map(({ sink }) => sink);
    for (const sink of new Set(sinks)) {
      outputs.push({ sink, record: each.record, value: each.value });
    }
    for (const vertex of spec.vertices) {
      if (!vertex.consumes.some((wanted) => fits.has(wanted))) continue;
      sums.push([vertex.name, each.value]);
      const values = valuesOf(codes.get(vertex.code.hash) ?? '', each.value);
      const unit = `${each.record}>${vertex.name}`;
      const made = values.flatMap((value) => vertex.produces.map((kind) => ({ kind, value })));
      for (const [at, { kind, value }] of made.entries()) {
        queue.push({ type: kind, record: `${unit}.${at}`, value });
      }
    }
  }
  return { outputs, sums };
}

/** A type, and the classes that it is an instance of. */
function typesOf({ instances }: Spec, type: string): ReadonlySet<string> {
  return new Set([type, ...instances.filter(([, of]) => of === type).map(([name]) => name)]);
}

function valuesOf(code: string, value: number): readonly number[] {
  return code.split(';').reduce<readonly number[]>(
    (values, step) => {
      const [verb, amount] = step.trim().split(' ');
      switch (verb) {
        case 'add':
          return values.map((each) => each + Number(amount));
        case 'mul':
          return values.map((each) => each * Number(amount));
        case 'twice':
          return values.flatMap((each) => [each, each]);
        default:
          return values;
      }
    },
    [value],
  );
}
