// Whether the faults and links of a scenario can happen: nodes that exist, times within the run,
// known kinds and shapes. The schema has already accepted their form.
import { parseDuration } from '../kernel/time.js';
import { instantaneous, milestoneNode } from '../nemesis/fault.js';
import { faultKinds } from '../nemesis/index.js';
import { shapes } from '../nemesis/shapes.js';
import { targets } from '../nemesis/targets.js';
import { templates } from '../nemesis/templates.js';
import type { NodeId } from '../node/message.js';
import { complain, type Report } from './complaint.js';
import { nearest } from './nearest.js';
import { oneOf, quoted } from './problems.js';
import type { FaultEntryFile, GeneratorFile, MilestoneFile, PlannedFile } from './schema-faults.js';
import type { Path } from './usage-error.js';

/** What the checks compare with; parts that are wrong themselves are left out. */
interface Surroundings {
  readonly nodes: readonly NodeId[] | undefined;
  readonly durationUs: number | undefined;
  /** Names of the protocol's milestones. */
  readonly milestones: readonly string[] | undefined;
}

const shapeNames = [...shapes.keys()];
const drawnNames = [...templates.keys()];
const targetNames = [...targets.keys()];

/** Checks every entry of `faults`. */
export function checkFaults(
  entries: readonly FaultEntryFile[],
  around: Surroundings,
  report: Report,
): void {
  const parties = partiesOf(entries, around.nodes);
  const ids = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const path = ['faults', index];
    checkId(entry.id, ids, path, report);
    if ('every' in entry) {
      checkGenerator(entry, around, path, report);
      continue;
    }
    if ('at' in entry) checkTime(entry, around.durationUs, path, report);
    else checkMilestone(entry, around, path, report);
    const known = parties && ('when' in entry ? new Set([...parties, milestoneNode]) : parties);
    checkTargets(entry, known, path, report);
    if (entry.fault === 'partition') checkPartition(entry, path, report);
    if (entry.for !== undefined && instantaneous.has(entry.fault)) {
      complain(report, [...path, 'for'], `${entry.fault} happens at once and has no "for"`);
    }
  }
}

/** Checks that the ends of links exist; `*` and clients do. */
export function checkLinks(
  links: readonly (readonly [from: string, to: string])[],
  nodes: ReadonlySet<string> | undefined,
  at: (link: number, end: 0 | 1) => Path,
  report: Report,
): void {
  links.forEach(([from, to], index) => {
    checkLinkEnd(from, nodes, at(index, 0), report);
    checkLinkEnd(to, nodes, at(index, 1), report);
  });
}

/** Nodes that can be named: those at the start and those that faults let join. */
function partiesOf(
  entries: readonly FaultEntryFile[],
  nodes: readonly NodeId[] | undefined,
): ReadonlySet<string> | undefined {
  if (nodes === undefined) return undefined;
  const joining = entries.flatMap((entry) =>
    'fault' in entry && entry.fault === 'join' ? entry.nodes : [],
  );
  return new Set([...nodes, ...joining.filter((node) => /^[^c@*]/.test(node))]);
}

function checkId(
  id: string | undefined,
  ids: Map<string, number>,
  path: Path,
  report: Report,
): void {
  if (id === undefined) return;
  const earlier = ids.get(id);
  if (earlier !== undefined) {
    const hint = 'Give each fault an id of its own, or none.';
    complain(report, [...path, 'id'], `the id ${quoted(id)} is taken by fault ${earlier + 1}`, {
      hint,
    });
  }
  ids.set(id, ids.size);
}

function checkTime(
  entry: PlannedFile,
  durationUs: number | undefined,
  path: Path,
  report: Report,
): void {
  const atUs = parseDuration(entry.at) ?? 0;
  if (durationUs === undefined || atUs < durationUs) return;
  complain(
    report,
    [...path, 'at'],
    `the fault strikes at ${entry.at}, when all faults have ended`,
    {
      expected: 'a time before the end of "duration"',
      hint: 'Faults belong to the main phase. Strike earlier or make "duration" longer.',
    },
  );
}

function checkMilestone(
  entry: MilestoneFile,
  around: Surroundings,
  path: Path,
  report: Report,
): void {
  const { node, when } = entry;
  if (node !== undefined) checkNode(node, asSet(around.nodes), [...path, 'node'], report);
  if (!('state' in when) || around.milestones === undefined) return;
  if (around.milestones.includes(when.state)) return;
  const known = around.milestones;
  complain(report, [...path, 'when', 'state'], `unknown milestone ${quoted(when.state)}`, {
    expected: known.length === 0 ? 'none: the protocol declares no milestones' : oneOf(known),
    nearest: nearest(when.state, known),
  });
}

function checkGenerator(
  entry: GeneratorFile,
  around: Surroundings,
  path: Path,
  report: Report,
): void {
  entry.faults.forEach((name, index) => {
    const at = [...path, 'faults', index];
    if ((faultKinds as ReadonlyMap<string, unknown>).has(name) && !drawnNames.includes(name)) {
      complain(report, at, `${name} cannot be drawn by chance`, { expected: oneOf(drawnNames) });
    } else checkName('fault', name, drawnNames, at, report);
  });
  entry.shapes?.forEach((shape, index) => {
    checkName('shape', shape, shapeNames, [...path, 'shapes', index], report);
  });
  entry.targets?.forEach((target, index) => {
    checkName('target', target, targetNames, [...path, 'targets', index], report);
  });
  const fromUs = parseDuration(entry.from ?? '0s') ?? 0;
  const untilUs = parseDuration(entry.until ?? '') ?? around.durationUs;
  if (around.durationUs !== undefined && fromUs >= around.durationUs) {
    complain(report, [...path, 'from'], '"from" is when all faults have ended', {
      expected: 'a time before the end of "duration"',
    });
  } else if (untilUs !== undefined && untilUs <= fromUs) {
    complain(report, [...path, 'until'], '"until" is not after "from"');
  }
}

function checkPartition(
  entry: Extract<FaultEntryFile, { fault: 'partition' }>,
  path: Path,
  report: Report,
): void {
  const { shape } = entry;
  if (shape !== undefined) checkName('shape', shape, shapeNames, [...path, 'shape'], report);
  if ((entry.shape === undefined) === (entry.components === undefined)) {
    const about =
      entry.shape === undefined ? 'the partition names no groups' : 'two kinds of groups';
    const expected = 'either "components" or "shape"';
    complain(report, [...path, 'fault'], about, { expected });
  }
  const seen = new Set<string>();
  entry.components?.forEach((component, row) => {
    component.forEach((node, column) => {
      if (seen.has(node)) {
        const at = [...path, 'components', row, column];
        complain(report, at, `${quoted(node)} is in two places of one partition`);
      }
      seen.add(node);
    });
  });
}

function checkName(
  kind: string,
  name: string,
  known: readonly string[],
  path: Path,
  report: Report,
): void {
  if (known.includes(name)) return;
  complain(report, path, `unknown ${kind} ${quoted(name)}`, {
    expected: oneOf(known.filter((other) => !/-(send|receive)-only$/.test(other))),
    nearest: nearest(name, known),
  });
}

/** Checks the nodes and links that a fault names. */
export function checkTargets(
  entry: object,
  known: ReadonlySet<string> | undefined,
  path: Path,
  report: Report,
): void {
  const { nodes, components, links } = entry as {
    readonly nodes?: readonly string[];
    readonly components?: readonly (readonly string[])[];
    readonly links?: readonly (readonly [string, string])[];
  };
  nodes?.forEach((node, index) => {
    const at = [...path, 'nodes', index];
    checkNode(node, known, at, report);
    if (nodes.indexOf(node) < index) complain(report, at, `${quoted(node)} is named twice`);
  });
  components?.forEach((component, row) => {
    component.forEach((node, column) => {
      checkNode(node, known, [...path, 'components', row, column], report);
    });
  });
  checkLinks(links ?? [], known, (link, end) => [...path, 'links', link, end], report);
}

function checkLinkEnd(
  name: string,
  nodes: ReadonlySet<string> | undefined,
  path: Path,
  report: Report,
): void {
  if (name !== '*' && !/^c\d+$/.test(name)) checkNode(name, nodes, path, report);
}

function checkNode(
  node: string,
  nodes: ReadonlySet<string> | undefined,
  path: Path,
  report: Report,
): void {
  if (nodes === undefined || nodes.has(node)) return;
  const known = [...nodes];
  complain(report, path, `there is no node ${quoted(node)}`, {
    expected: known.length > 8 ? `${known[0]} … ${known.at(-1)}` : oneOf(known),
    nearest: known.length > 1_000 ? undefined : nearest(node, known),
  });
}

function asSet(nodes: readonly NodeId[] | undefined): ReadonlySet<string> | undefined {
  return nodes === undefined ? undefined : new Set(nodes);
}
