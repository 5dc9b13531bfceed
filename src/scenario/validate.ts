// Whether the parts of a scenario fit together. It works on whatever parts have the right form, so
// that a file's misspelt field and its unknown protocol are reported at once.
import type { Checker } from '../checkers/checker.js';
import type { NodeId } from '../node/message.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Workload, WorkloadOptions } from '../workloads/workload.js';
import { namesModule } from './catalogue.js';
import { builtInCheckers } from './check.js';
import { complain, type Report } from './complaint.js';
import { requestTypes } from './fit.js';
import { nearest } from './nearest.js';
import { oneOf, quoted, shown } from './problems.js';
import type { EditFile, ExpectFile, ScenarioFile } from './schema.js';
import type { Path } from './usage-error.js';
import { checkLinks, checkTargets } from './validate-faults.js';

/** More operations than this are planned in no run. */
const operationsMax = 50_000_000;

/** The names of the nodes; what is wrong with them is reported. */
export function readNodes(nodes: ScenarioFile['nodes'], report: Report): readonly NodeId[] {
  if (typeof nodes === 'number') return Array.from({ length: nodes }, (_, index) => `n${index}`);
  const seen = new Set<string>();
  nodes.forEach((node, index) => {
    const path = ['nodes', index];
    if (seen.has(node)) complain(report, path, `there are two nodes ${quoted(node)}`);
    seen.add(node);
    if (/^[c@*]/.test(node)) {
      complain(report, path, `a node cannot be called ${quoted(node)}`, {
        expected: 'a name that does not start with c, which is for clients, nor with @ or *',
        nearest: `n${node.slice(1)}`,
      });
    }
  });
  return nodes;
}

/** A service needs a name of its own, and none that clients have. */
export function checkServiceName(
  name: NodeId,
  taken: ReadonlySet<NodeId>,
  path: Path,
  report: Report,
): void {
  if (taken.has(name)) {
    const hint = 'Give it a name of its own: {name: other, service: lin-kv}.';
    complain(report, path, `there is a node ${quoted(name)} already`, { hint });
  } else if (/^([@*]|c\d+$|c-admin$)/.test(name)) {
    complain(report, path, `a service cannot be called ${quoted(name)}`, {
      expected: 'a name that no client has (c0, c1 …) and that does not start with @ or *',
    });
  } else if (namesModule(name)) {
    const hint = `Write {name: store, service: ${name}}.`;
    complain(report, path, 'a service from a module has a name of its own', { hint });
  }
}

/** Clients must be able to do what the workload asks, and the protocol to answer. */
export function checkWorkload(
  protocol: AnyProtocol | undefined,
  clients: {
    readonly workload: Workload;
    readonly options: WorkloadOptions;
    readonly ratePerSecond: number;
  },
  durationUs: number | undefined,
  report: Report,
): void {
  const { workload, ratePerSecond } = clients;
  const count = (ratePerSecond * (durationUs ?? 0)) / 1_000_000;
  if (count > operationsMax) {
    complain(report, ['workload', 'rate'], `${Math.round(count)} operations are too many`, {
      expected: 'at most 50 million in "duration"',
    });
  }
  const types = requestTypesOf(clients, report);
  if (types === undefined || protocol === undefined) return;
  if (protocol.other !== undefined) return;
  const lacking = types.filter((type) => !Object.hasOwn(protocol.on, type));
  if (lacking.length === 0) return;
  const requests = lacking.map((type) => `\`${type}\``).join(', ');
  complain(
    report,
    ['protocol'],
    `${protocol.name} does not serve workload ${workload.name}: it has no handler for ${requests}`,
    { expected: `a protocol that answers them; it handles ${oneOf(Object.keys(protocol.on))}` },
  );
}

/** Values of options can only be tried out: on the set-up of a small cluster, some operations. */
function requestTypesOf(
  { workload, options }: { readonly workload: Workload; readonly options: WorkloadOptions },
  report: Report,
): readonly string[] | undefined {
  if (workload.problem?.(options) !== undefined) return undefined; // Reported with the option.
  try {
    workload.setup?.(['n0', 'n1', 'n2'], options);
    return requestTypes(workload, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    complain(report, ['workload'], `${workload.name} refuses its options: ${why}`);
    return undefined;
  }
}

/** Links with a latency of their own must join parties that exist. */
export function checkNetworkLinks(
  network: ScenarioFile['network'],
  nodes: ReadonlySet<string> | undefined,
  report: Report,
): void {
  const links = (network?.links ?? []).map(({ from, to }) => [from, to] as const);
  const end = ['from', 'to'] as const;
  checkLinks(links, nodes, (link, which) => ['network', 'links', link, end[which]], report);
}

/** `expect` must name one of the judges. */
export function checkExpectation(
  expect: ExpectFile,
  checkers: readonly Checker[],
  report: Report,
): void {
  const name = typeof expect === 'string' ? expect : expect.object;
  if (expect === 'valid') return;
  const known = [...checkers.map((checker) => checker.name), ...builtInCheckers];
  if (known.includes(name)) return;
  const path: Path = typeof expect === 'string' ? ['expect'] : ['expect', 'object'];
  complain(report, path, `no checker ${quoted(name)} judges this scenario`, {
    expected: oneOf([...(typeof expect === 'string' ? ['valid'] : []), ...known]),
    nearest: nearest(name, ['valid', ...known]),
    hint: 'Add it to "checkers" if it should.',
  });
}

/** Edits that make a fault strike must name nodes that exist. */
export function checkEdits(
  edits: readonly EditFile[],
  nodes: ReadonlySet<string> | undefined,
  faultIds: readonly string[],
  report: Report,
): void {
  edits.forEach((edit, index) => {
    if (edit.edit === 'fault') checkFaultEdit(edit, nodes, ['edits', index], report);
    if (edit.edit === 'choose') checkChoice(edit, ['edits', index], report);
    if (edit.edit === 'alter') checkBody(edit.body, ['edits', index, 'body'], report);
    if (edit.edit === 'deliver-before' && edit.message === edit.event) {
      complain(report, ['edits', index, 'event'], 'a message cannot come before itself', {
        expected: 'the key of another event',
      });
    }
    if (edit.edit !== 'omit-fault') return;
    const id = edit.fault.replace(/\/\d+$/, ''); // A generator numbers its faults.
    if (faultIds.includes(id)) return;
    complain(report, ['edits', index, 'fault'], `there is no fault ${quoted(edit.fault)}`, {
      expected: faultIds.length === 0 ? 'none: the scenario has no faults' : oneOf(faultIds),
      nearest: nearest(edit.fault, faultIds),
    });
  });
}

/** What a message says has a type. */
function checkBody({ type }: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  if (typeof type === 'string') return;
  const about = type === undefined ? 'the body has no "type"' : `its "type" is ${shown(type)}`;
  complain(report, path, about, { expected: 'a text, the type of the message' });
}

/** A choice has a known label and comes out as what chance could have made of it. */
function checkChoice(
  { choice, value }: Extract<EditFile, { edit: 'choose' }>,
  path: Path,
  report: Report,
): void {
  const label = choice.replace(/#\d+$/, '#').replace(/^survivors\/.+$/, 'survivors/');
  const expected = choices.get(label);
  if (expected === undefined) {
    const names = [...choices.keys()].map((name) => name.replace(/#$/, '#0').replace(/\/$/, '/n0'));
    const about = `there is no choice ${quoted(choice)}`;
    const more = { expected: oneOf(names), nearest: nearest(choice, names) };
    return complain(report, [...path, 'choice'], about, more);
  }
  const isWhole = Number.isSafeInteger(value) && Number(value) >= 0;
  const fits = typeof value === 'boolean' ? expected === truth : isWhole && expected !== truth;
  if (!fits) complain(report, [...path, 'value'], `"value" is ${shown(value)}`, { expected });
}

const truth = 'true or false';

/** What each choice comes out as. */
const choices: ReadonlyMap<string, string> = new Map([
  ['loss', truth],
  ['duplicate', truth],
  ['latency', 'microseconds, a whole number from 0'],
  ['random#', 'a whole number from 0'],
  ['disk-fail', truth],
  ['survivors/', 'how many writes, a whole number from 0'],
]);

function checkFaultEdit(
  edit: Extract<EditFile, { edit: 'fault' }>,
  nodes: ReadonlySet<string> | undefined,
  path: Path,
  report: Report,
): void {
  checkTargets(edit, nodes, path, report);
  if (!/^[0-9a-f]{16}$/.test(edit.at)) {
    complain(report, [...path, 'at'], `"at" is ${quoted(edit.at)}`, {
      expected: 'a key of 16 hexadecimal digits, as traces show it',
    });
  }
  if (edit.fault === 'partition' && edit.components === undefined) {
    complain(report, [...path, 'fault'], 'the partition names no groups', {
      expected: '"components"; shapes are for planned faults',
    });
  }
}
