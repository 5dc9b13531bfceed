// The operations that a scenario tells one by one, instead of having its workload make them: what a
// shrinker leaves of a run, or what a person wants to see done.
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { ClientSpec, ScriptedOp } from '../sim/spec.js';
import { complain, type Report } from './complaint.js';
import { durationOr } from './network.js';
import { quoted } from './problems.js';
import type { OperationFile, ScenarioFile } from './schema.js';

/** The operations in the order of their times; those of the same time in that of the file. */
export function readScript(operations: readonly OperationFile[]): readonly ScriptedOp[] {
  const script = operations.map(({ op: number, at, worker, node, f, value }, place) => ({
    number: number ?? place,
    atUs: durationOr(at, 0),
    worker: worker ?? 0,
    op: { f, value: value as ScriptedOp['op']['value'] },
    node,
  }));
  const places = new Map(script.map((op, place) => [op, place]));
  const placeOf = (op: ScriptedOp): number => places.get(op) ?? 0;
  return script.sort((a, b) => a.atUs - b.atUs || placeOf(a) - placeOf(b));
}

/** Reports operations that cannot be: a number twice, an unknown client or node, too late. */
export function checkScript(
  workload: ScenarioFile['workload'],
  around: Pick<ClientSpec, 'concurrency' | 'workload'> & {
    readonly known: ReadonlySet<NodeId> | undefined;
    readonly durationUs: Micros | undefined;
  },
  report: Report,
): void {
  if (typeof workload !== 'object' || workload.operations === undefined) return;
  if (workload.rate !== undefined) {
    const hint = 'Leave out one of the two.';
    complain(report, ['workload', 'rate'], 'the operations are listed, and have no rate', { hint });
  }
  const numbers = new Set<number>();
  for (const [place, operation] of workload.operations.entries()) {
    const { op: number = place, worker = 0, node, at } = operation;
    const path = ['workload', 'operations', place];
    if (numbers.has(number)) {
      complain(report, [...path, 'op'], `there are two operations of number ${number}`);
    }
    numbers.add(number);
    if (worker >= around.concurrency) {
      complain(report, [...path, 'worker'], `there is no client ${worker}`, {
        expected: `0 to ${around.concurrency - 1}, or a higher "concurrency"`,
      });
    }
    if (node !== undefined && around.known?.has(node) === false) {
      complain(report, [...path, 'node'], `there is no node ${quoted(node)}`);
    }
    if (around.durationUs !== undefined && durationOr(at, 0) >= around.durationUs) {
      complain(report, [...path, 'at'], 'it is due after the end of the main phase', {
        expected: 'a time before "duration" is over',
      });
    }
    checkRequest(operation, around.workload, [...path, 'f'], report);
  }
}

/** What a workload makes of an operation depends on its session, if it has one. */
function checkRequest(
  { f, value }: OperationFile,
  workload: ClientSpec['workload'],
  path: readonly (string | number)[],
  report: Report,
): void {
  if (workload.session !== undefined) return;
  try {
    const op = { f, value: value as ScriptedOp['op']['value'] };
    if (workload.local?.(op) === undefined) workload.request(op);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    complain(report, path, `${workload.name} cannot ask for this operation: ${why}`);
  }
}
