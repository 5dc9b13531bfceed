// What a scenario consists of that can be left out: faults, operations, nodes, edits, and time.
import { unreachable } from '../../kernel/assert.js';
import { formatDuration, parseDuration } from '../../kernel/time.js';
import type { EditFile, OperationFile, ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';
import { minimize } from './minimize.js';
import type { Shrinking } from './shrinking.js';

type Workload = Exclude<ScenarioFile['workload'], string | undefined>;

/** The operations that a scenario tells one by one. */
export function operationsIn({ workload }: ScenarioFile): readonly OperationFile[] {
  return typeof workload === 'object' ? (workload.operations ?? []) : [];
}

export function withOperations(
  file: ScenarioFile,
  operations: readonly OperationFile[],
): ScenarioFile {
  if (typeof file.workload !== 'object') return file;
  return { ...file, workload: { ...file.workload, operations: [...operations] } };
}

export function withFaults(file: ScenarioFile, faults: readonly FaultEntryFile[]): ScenarioFile {
  return { ...file, faults: [...faults] };
}

export function withEdits(file: ScenarioFile, edits: readonly EditFile[]): ScenarioFile {
  const { edits: _, ...rest } = file;
  return edits.length === 0 ? rest : { ...rest, edits: [...edits] };
}

/** What goes first. */
export type Order = readonly ('faults' | 'operations' | 'edits')[];

const usualOrder: Order = ['faults', 'operations', 'edits'];

/** Leaves out faults, operations and edits, until none of them can go alone. */
export function* leaveOut(shrinking: Shrinking, order = usualOrder): Generator<void, void> {
  for (let before = ''; before !== JSON.stringify(shrinking.file); ) {
    before = JSON.stringify(shrinking.file);
    for (const what of order) yield* leaveOutOf(shrinking, what);
  }
}

function* leaveOutOf(shrinking: Shrinking, what: Order[number]): Generator<void, void> {
  switch (what) {
    case 'faults':
      yield* minimize(shrinking.file.faults ?? [], (faults) =>
        shrinking.take(withFaults(shrinking.file, faults)),
      );
      return;
    case 'operations':
      yield* minimize(operationsIn(shrinking.file), (operations) =>
        shrinking.take(withOperations(shrinking.file, operations)),
      );
      return;
    case 'edits':
      yield* minimize(shrinking.file.edits ?? [], (edits) =>
        shrinking.take(withEdits(shrinking.file, edits)),
      );
      return;
    default:
      unreachable(what);
  }
}

/**
 * Ends the main phase as early as can be: halves what is left over. The recovery stays as it is: a
 * shorter one would make failures of its own, of what was still to come.
 */
export function* cutShort(shrinking: Shrinking): Generator<void, void> {
  const unitUs = unitIn(shrinking.file);
  let low = 0;
  let high = Math.ceil(lengthIn(shrinking.file) / unitUs);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (yield* shrinking.take(endingAt(shrinking.file, middle * unitUs))) high = middle;
    else low = middle;
  }
}

/** How long the main phase is, in µs. */
export function lengthIn({ duration = '0s' }: ScenarioFile): number {
  return parseDuration(duration) ?? 0;
}

/** In what steps the main phase is made shorter, in µs. */
export function unitIn(file: ScenarioFile): number {
  return lengthIn(file) > 2_000_000 ? 100_000 : 10_000;
}

/** The main phase ends at `us`: what would come later does not come. */
export function endingAt(file: ScenarioFile, us: number): ScenarioFile {
  const isIn = (at: string): boolean => (parseDuration(at) ?? 0) < us;
  const faults = (file.faults ?? []).filter((entry) => !('at' in entry) || isIn(entry.at));
  const operations = operationsIn(file).filter(({ at }) => isIn(at));
  return withFaults(withOperations({ ...file, duration: formatDuration(us) }, operations), faults);
}

/** Leaves out nodes, from the last on. Operations keep the nodes that they go to. */
export function* fewerNodes(shrinking: Shrinking): Generator<void, void> {
  for (let place = nodesIn(shrinking.file).length - 1; place >= 0; place--) {
    const nodes = nodesIn(shrinking.file);
    const gone = nodes[place];
    if (gone === undefined || nodes.length === 1) continue;
    if (yield* shrinking.take(without(shrinking.file, gone))) continue;
    yield* shrinking.take(without(elsewhere(shrinking.file, gone), gone));
  }
}

function nodesIn({ nodes }: ScenarioFile): readonly string[] {
  return typeof nodes === 'number' ? Array.from({ length: nodes }, (_, i) => `n${i}`) : nodes;
}

function without(file: ScenarioFile, gone: string): ScenarioFile {
  const nodes = nodesIn(file);
  const left = nodes.filter((node) => node !== gone);
  const operations = operationsIn(file).flatMap((operation) => {
    const { worker = 0, node = nodes[worker % nodes.length] } = operation;
    if (node === gone) return [];
    return [left[worker % left.length] === node ? withoutNode(operation) : { ...operation, node }];
  });
  const faults = (file.faults ?? []).flatMap((entry) => spared(entry, gone));
  return withFaults(withOperations({ ...file, nodes: left }, operations), faults);
}

/** Operations that go to `gone` go to the first other node. */
function elsewhere(file: ScenarioFile, gone: string): ScenarioFile {
  const nodes = nodesIn(file);
  const other = nodes.find((node) => node !== gone) as string;
  const operations = operationsIn(file).map((operation) => {
    const { worker = 0, node = nodes[worker % nodes.length] } = operation;
    return node === gone ? { ...operation, node: other } : operation;
  });
  return withOperations(file, operations);
}

function withoutNode({ node: _, ...operation }: OperationFile): OperationFile {
  return operation;
}

/** A fault that no longer strikes a node; none if it struck nobody else. */
function spared(entry: FaultEntryFile, gone: string): readonly FaultEntryFile[] {
  const fault = { ...entry } as Record<string, unknown>;
  if (fault.node === gone) return [];
  const keep = (names: unknown): string[] => (names as string[]).filter((name) => name !== gone);
  if (Array.isArray(fault.nodes)) {
    fault.nodes = keep(fault.nodes);
    if ((fault.nodes as string[]).length === 0) return [];
  }
  if (Array.isArray(fault.components)) {
    const components = fault.components.map(keep).filter((names) => names.length > 0);
    if (components.length === 0) return [];
    fault.components = components;
  }
  if (Array.isArray(fault.links)) {
    fault.links = (fault.links as string[][]).filter((ends) => !ends.includes(gone));
    if ((fault.links as string[][]).length === 0) return [];
  }
  return [fault as FaultEntryFile];
}

/** As few clients as the operations need. */
export function* fewerClients(shrinking: Shrinking): Generator<void, void> {
  const { workload } = shrinking.file;
  if (typeof workload !== 'object' || workload.concurrency === undefined) return;
  const used = operationsIn(shrinking.file).map(({ worker = 0 }) => worker + 1);
  const concurrency = Math.max(1, ...used);
  if (concurrency >= workload.concurrency) return;
  const fewer: Workload = { ...workload, concurrency };
  yield* shrinking.take({ ...shrinking.file, workload: fewer });
}
