// Planted failures: short runs of mutants, in fixtures/mutants/planted/, each with the event by
// which its mistake did the harm. That event is found without asking chance: the run is repeated
// with the right protocol at a single event, or from one on, and everything else as it was.
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { Plain } from '../../src/kernel/plain.js';
import { type Failure, failureNamed, shows } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import { finish, sliceEvents } from '../../src/scenario/run.js';
import type { Scenario, ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import type { Track } from '../../src/scenario/walk.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import type { Edit } from '../../src/sim/edit.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import type { World } from '../../src/sim/world.js';
import { correctIn, huntedIn, type Mutant, mutants, root } from './mutants.js';

/** An event of a run, and what happens there. */
interface Named {
  readonly event: number;
  readonly what: string;
}

/** A file of fixtures/mutants/planted/, which is named like its mutant. */
interface PlantedFile {
  readonly failure: string;
  /** Where the mistake did the harm. */
  readonly mistake: Named;
  /** What the network had to do for it; absent where it did nothing out of the ordinary. */
  readonly trigger?: Named;
  /** How many of `othersMax` other seeds fail in this scenario: chance has a say. */
  readonly others: number;
  /** Without its protocol: the mutant's. */
  readonly scenario: Omit<ScenarioInput, 'protocol'>;
}

export interface Planted extends PlantedFile {
  readonly mutant: Mutant;
}

/** A planted failure's scenario as it fails, and with the right protocol. */
interface Pair {
  readonly broken: Scenario;
  readonly right: Scenario;
  readonly seed: string;
  readonly failure: Failure;
}

/** What the right protocol would have done otherwise, event by event. */
interface Mistakes {
  /** Those without which, everything else as it is, the failure does not come. */
  readonly needed: readonly number[];
  /** Those as of which the original, from there to the end, still prevents it. */
  readonly inTime: readonly number[];
}

export const plantedFolder = new URL('fixtures/mutants/planted/', pathToFileURL(`${root}/`));

/** Other seeds that a planted scenario is tried with, and how many of them may fail. */
export const othersMax = 12;
export const othersFailingMax = 3;
/** Where more mistakes than this are to blame for a failure, none of them is the cause. */
const blamedMax = 3;

/** All of them, in the order of the corpus. */
export function planted(from = plantedFolder): readonly Planted[] {
  const names = readdirSync(from);
  return mutants()
    .filter(({ name }) => names.includes(`${name}.yaml`))
    .map((mutant) => {
      const text = readFileSync(new URL(`${mutant.name}.yaml`, from), 'utf8');
      return { ...(parse(text) as PlantedFile), mutant };
    });
}

export async function pairOf({ mutant, scenario, failure: name }: Planted): Promise<Pair> {
  const failure = failureNamed(name);
  if (failure === undefined) throw new Error(`${mutant.name}: ${name} names no failure`);
  const broken = scenarioOf(await huntedIn({ ...mutant, scenario }));
  const right = scenarioOf(correctIn({ ...mutant, scenario }));
  return { broken, right, seed: broken.seed, failure };
}

/** How many of the other seeds fail; no more than one more than `most` are counted. */
export function othersFailing(scenario: Scenario, failure: Failure, most = othersMax): number {
  let failing = 0;
  for (let nth = 0; nth < othersMax && failing <= most; nth++) {
    if (shows(simulate(scenario, `other-${nth}`), failure)) failing++;
  }
  return failing;
}

/** O(events × the world), and two runs for each mistake. */
export function mistakesIn({ timeline }: Track, pair: Pair): Mistakes {
  const { right, broken, seed } = pair;
  const { programs } = createWorld(resolve(right, { seed, edits: [], strict: false }));
  const needed: number[] = [];
  const inTime: number[] = [];
  for (let event = 0; event < timeline.length; event++) {
    const original = forkWorld({ ...timeline.at(event), programs });
    const own = forkWorld(timeline.at(event));
    const wholly = forkWorld(original);
    advance(original, 1);
    advance(own, 1);
    if (digestWorld(original) === digestWorld(own)) continue;
    const once = forkWorld({ ...original, programs: own.programs });
    if (!failsIn(once, broken, pair)) needed.push(event);
    if (!failsIn(wholly, right, pair)) inTime.push(event);
  }
  return { needed, inTime };
}

function failsIn(world: World, scenario: Scenario, { seed, failure }: Pair): boolean {
  while (advance(world, sliceEvents));
  return shows(finish({ scenario, seed, edits: [], world }), failure);
}

/**
 * The last mistake without which the failure would not have come; if each could be spared, the
 * last one before which it could still be prevented. `undefined`: too many are to blame for one of
 * them to be the cause, as where the right protocol would make good for all of them later.
 */
export function causeAmong({ needed, inTime }: Mistakes): number | undefined {
  const blamed = needed.length > 0 ? needed : inTime;
  return blamed.length > blamedMax ? undefined : blamed.at(-1);
}

/**
 * The last event at which the network did to a message what it seldom does, and without which the
 * failure would not have come: it lost it, or had it twice, or late. Each is tried: the same run,
 * but for this one message. `undefined`: there is none. Costs a run for each such message.
 */
export function triggerIn(track: Track, end: number, pair: Pair): number | undefined {
  return oddities(track, end)
    .toReversed()
    .find(({ edits }) => !shows(simulate(pair.broken, pair.seed, edits), pair.failure))?.event;
}

interface Oddity {
  readonly event: number;
  /** What makes the message an ordinary one. */
  readonly edits: readonly Edit[];
}

/** A message that takes so many times as long as most is late. */
const lateTimes = 3;

function oddities({ timeline }: Track, end: number): readonly Oddity[] {
  const sends = timeline.steps(0, end + 1).flatMap(({ index, atUs, effects }) =>
    effects.flatMap((effect) => {
      if (effect.effect !== 'send') return [];
      const { fate } = effect;
      const tookUs = fate.fate === 'sent' ? fate.arrivesUs - atUs : 0;
      return [{ event: index, at: effect.key, fate, tookUs }];
    }),
  );
  const usual = sends.flatMap(({ tookUs }) => (tookUs > 0 ? [tookUs] : [])).sort((a, b) => a - b);
  const usualUs = usual[usual.length >>> 1] ?? 0;
  return sends.flatMap(({ event, at, fate, tookUs }): readonly Oddity[] => {
    const choose = (choice: string, value: Plain): Edit => ({ edit: 'choose', at, choice, value });
    const onTime = choose('latency', usualUs);
    if (fate.fate === 'lost' && fate.why === 'lost by chance') {
      return [{ event, edits: [choose('loss', false), onTime] }];
    }
    if (fate.fate !== 'sent') return [];
    const late = tookUs > lateTimes * usualUs ? [{ event, edits: [onTime] }] : [];
    return fate.copies > 1 ? [...late, { event, edits: [choose('duplicate', false)] }] : late;
  });
}

/** A jump this near to the cause has found it. */
const nearMax = 3;

/** How far a jump lies from what was planted. */
interface Distance {
  /** From the mistake, in events of the run. */
  readonly mistake: number;
  /**
   * From the mistake up the chain of its causes: what a message or a timer decides is drawn when it
   * is sent or set. Infinite where the jump is not on the chain.
   */
  readonly chain: number;
  /** From the trigger, in events of the run; infinite where there is none. */
  readonly trigger: number;
}

export function distanceOf(
  { mistake, trigger }: Pick<PlantedFile, 'mistake' | 'trigger'>,
  jump: number,
  { lineage }: Track,
): Distance {
  const link = lineage.causes(mistake.event).toReversed().indexOf(jump);
  return {
    mistake: Math.abs(mistake.event - jump),
    chain: link < 0 ? Number.POSITIVE_INFINITY : link,
    trigger: trigger === undefined ? Number.POSITIVE_INFINITY : Math.abs(trigger.event - jump),
  };
}

export function isNear({ mistake, chain, trigger }: Distance): boolean {
  return Math.min(mistake, chain, trigger) <= nearMax;
}
