// Every crash point: each node is crashed right before and right after everything that another can
// see or a disk can keep: a message sent, an answer to a client, a sync asked for, a sync completed
// (after ALICE, Pillai et al., OSDI 2014, and CrashMonkey, Mohan et al., OSDI 2018). A first run of
// the seed says what there is; each point is an edit of that run. The scenario's own faults do not
// strike, so it is the single crash that is to blame.
import { type Micros, ms } from '../../kernel/time.js';
import { meanLatencyUs } from '../../network/latency.js';
import type { NodeId } from '../../node/message.js';
import type { Edit, EventKey } from '../../sim/edit.js';
import type { Phase, Step } from '../../sim/step.js';
import { seedAt } from '../hunt/seeds.js';
import { advance, begin, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import { independent, type Strategy } from '../strategy.js';
import { variantOf } from '../variant.js';

export const crashPoints: Strategy = {
  name: 'crash-points',
  about: 'A crash before and after every sync, send and acknowledgement of a run.',
  plan: ({ scenario, seed, seeds = 1 }) => {
    const calm = withoutFaults(scenario);
    const chosen = Array.from({ length: seeds }, (_, index) => seedAt(seed, index));
    const points = chosen.flatMap((each) => pointsOf(calm, each));
    const about = aboutOf(points, seeds);
    return independent(
      points.length,
      (index) => {
        const { seed: own, edit } = points[index] as Point;
        return { scenario: calm, file: calm.file, seed: own, edits: [edit] };
      },
      about,
    );
  },
};

/** What a crash comes right before or after. */
type Mark = 'sends' | 'acknowledgements' | 'syncs' | 'completed syncs';

interface Point {
  readonly seed: string;
  readonly marks: readonly Mark[];
  readonly edit: Edit;
}

/** The scenario itself, if it has no faults. */
function withoutFaults(scenario: Scenario): Scenario {
  if (scenario.faults.length === 0) return scenario;
  return variantOf(scenario, { ...scenario.file, faults: [] });
}

/** All points of one run, in the order of its events. */
function pointsOf(scenario: Scenario, seed: string): readonly Point[] {
  const members = new Set<NodeId>(scenario.nodes);
  const forUs = outageUs(scenario);
  const points: Point[] = [];
  const taken = new Set<string>();
  const unsynced = new Set<NodeId>();
  let before: EventKey | undefined;
  let phase: Phase = 'main';
  const crashAt = (at: EventKey | undefined, node: NodeId, marks: readonly Mark[]): void => {
    for (const lost of unsynced.has(node) ? (['all', 'torn'] as const) : (['all'] as const)) {
      if (at === undefined || taken.has(`${at} ${node} ${lost}`)) continue;
      taken.add(`${at} ${node} ${lost}`);
      const fault = { f: 'crash', nodes: [node], lost } as const;
      points.push({ seed, marks, edit: { edit: 'fault', at, fault, forUs } });
    }
  };
  const observer = (step: Step): void => {
    const { happening, key } = step;
    if (happening.kind === 'phase') phase = happening.phase;
    const node = 'node' in happening ? happening.node : undefined;
    if (phase === 'main' && node !== undefined && members.has(node)) {
      const marks = marksOf(step);
      if (marks.length > 0) crashAt(before, node, marks);
      note(step, node, unsynced);
      if (marks.length > 0) crashAt(key, node, marks);
    }
    before = key;
  };
  const running = begin(scenario, seed, [], { observer });
  while (phase === 'main' && advance(running, sliceEvents));
  return points;
}

/** Keeps in mind who has written what no sync has made durable. */
function note({ happening, effects }: Step, node: NodeId, unsynced: Set<NodeId>): void {
  if (happening.kind === 'synced') unsynced.delete(node);
  if (effects.some(({ effect }) => effect === 'write')) unsynced.add(node);
}

function marksOf({ happening, effects }: Step): readonly Mark[] {
  const marks = new Set<Mark>();
  if (happening.kind === 'synced') marks.add('completed syncs');
  for (const row of effects) {
    if (row.effect === 'sync') marks.add('syncs');
    if (row.effect === 'send') marks.add(/^c\d+$/.test(row.dest) ? 'acknowledgements' : 'sends');
  }
  return [...marks];
}

/** Long enough that others notice, too short to be the end of the run. */
function outageUs({ network, durationUs }: Scenario): Micros {
  const noticedUs = Math.max(ms(200), 20 * meanLatencyUs(network.latency));
  return Math.max(1, Math.min(noticedUs, Math.floor(durationUs / 4)));
}

/** `1,204 crash points: around 300 sends, 40 acknowledgements, 12 syncs, 12 completed syncs`. */
function aboutOf(points: readonly Point[], seeds: number): string {
  const counts = new Map<Mark, number>();
  for (const { marks } of points) {
    for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  const parts = [...counts].map(([mark, count]) => `${count} at ${mark}`);
  const extent = seeds === 1 ? '' : ` of ${seeds} seeds`;
  return `${points.length} crash points${extent}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
