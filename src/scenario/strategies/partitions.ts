// Every partition of the members into two sides, each way, at every one of sixteen times, for each
// of three lengths: exhaustive within those bounds, so that the hunt can say "720 of 720". Most
// failures by partitions isolate one node and need nothing else (Alquraan et al., OSDI 2018); the
// scenario's own faults therefore do not strike.
import { formatDuration, type Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import { seedAt } from '../hunt/seeds.js';
import type { ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';
import { independent, type Strategy } from '../strategy.js';
import { variantsOf } from '../variant.js';

export const partitions: Strategy = {
  name: 'partitions',
  about: 'Every single partition in two sides, both ways and one way, at sixteen times.',
  plan: ({ scenario, seed, seeds = 1 }) => {
    const cuts = cutsOf(scenario.nodes);
    const moments = momentsOf(scenario.durationUs);
    const make = variantsOf(scenario);
    const each = cuts.length * moments.length;
    const about = `${cuts.length} cuts × ${startCount} times × ${lengths.length} lengths`;
    return independent(
      each * seeds,
      (index) => {
        const within = index % each;
        const cut = cuts[within % cuts.length] as FaultEntryFile;
        const file = cutAt(scenario.file, cut, moments[Math.floor(within / cuts.length)] as Moment);
        const chosen = seedAt(seed, Math.floor(index / each));
        return { scenario: make(file), file, seed: chosen, edits: [] };
      },
      seeds === 1 ? about : `${about} × ${seeds} seeds`,
    );
  },
};

const startCount = 16;

/** Shares of the main phase. */
const lengths: readonly number[] = [1 / 16, 1 / 4, 1];

/** With more members than this only sides of one and of two are cut off. */
const wholeMax = 7;

type Moment = Pick<Extract<FaultEntryFile, { at: string }>, 'at' | 'for'>;

/** At each sixteenth of the main phase; what would last beyond its end lasts until it. */
function momentsOf(durationUs: Micros): readonly Moment[] {
  return lengths.flatMap((share) =>
    Array.from({ length: startCount }, (_, start): Moment => {
      const atUs = Math.floor((durationUs * start) / startCount);
      const forUs = Math.max(1, Math.min(Math.floor(durationUs * share), durationUs - atUs));
      return { at: formatDuration(atUs), for: formatDuration(forUs) };
    }),
  );
}

function cutAt(file: ScenarioFile, cut: FaultEntryFile, moment: Moment): ScenarioFile {
  return { ...file, faults: [{ ...cut, ...moment } as FaultEntryFile] };
}

/** Each pair of sides cut off from each other, and each side from what the other sends. */
function cutsOf(nodes: readonly NodeId[]): readonly FaultEntryFile[] {
  return sidesOf(nodes).flatMap((near) => {
    const far = nodes.filter((node) => !near.includes(node));
    const links = (from: readonly NodeId[], to: readonly NodeId[]) =>
      from.flatMap((source) => to.map((target): [NodeId, NodeId] => [source, target]));
    const when = { at: '0s' };
    return [
      { ...when, fault: 'partition', components: [[...near], far] },
      { ...when, fault: 'cut', links: links(near, far) },
      { ...when, fault: 'cut', links: links(far, near) },
    ] satisfies FaultEntryFile[];
  });
}

/** One side of every partition in two; the other side holds the last node. */
function sidesOf(nodes: readonly NodeId[]): readonly (readonly NodeId[])[] {
  if (nodes.length < 2) return [];
  if (nodes.length > wholeMax) return smallSides(nodes);
  const free = nodes.slice(0, -1);
  return Array.from({ length: 2 ** free.length - 1 }, (_, choice) =>
    free.filter((_, bit) => ((choice + 1) >> bit) & 1),
  );
}

function smallSides(nodes: readonly NodeId[]): readonly (readonly NodeId[])[] {
  const pairs = nodes.flatMap((one, place) => nodes.slice(place + 1).map((other) => [one, other]));
  return [...nodes.map((node) => [node]), ...pairs];
}
