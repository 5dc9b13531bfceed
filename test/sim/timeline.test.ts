// Timelines: the world after a seek is that of a fresh run stopped there.
import { describe, expect, it } from 'vitest';
import { type Random, stream } from '../../src/kernel/random.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import { resolve } from '../../src/scenario/resolve.js';
import { start } from '../../src/scenario/simulate.js';
import { createWorld } from '../../src/sim/create.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import { DivergedError, firstDifferentEvent, marks, Timeline } from '../../src/sim/timeline.js';
import type { World } from '../../src/sim/world.js';
import { swarm } from '../support/swarm.js';

const names = [...protocols.keys()];

function swarmWorld(number: number): () => World {
  const protocol = protocols.get(names[number % names.length] as string);
  if (protocol === undefined) throw new Error('there is a protocol');
  const running = start(swarm(protocol, number), number);
  const spec = resolve(running.scenario, { seed: String(number), edits: [], strict: false });
  return () => createWorld({ ...spec, limits: { ...spec.limits, eventsMax: 300 } });
}

const whole = (timeline: Timeline): Timeline => {
  while (timeline.extend(1_000));
  return timeline;
};

describe('a seek', () => {
  const jumps = 50;
  const tens = Array.from({ length: 20 }, (_, ten) => 10 * ten);

  it.each(tens)(
    `comes to the same world as a fresh run: ${jumps} jumps, ten seeds from %i`,
    (ten) => {
      for (let seed = ten; seed < ten + 10; seed++) {
        compareJumps(seed, stream('jumps', String(seed)), jumps);
      }
    },
  );
});

function compareJumps(seed: number, random: Random, jumps: number): void {
  const begin = swarmWorld(seed);
  const timeline = whole(new Timeline(begin, { spacing: 32, countMax: 8 }));
  const goals = Array.from({ length: jumps }, () => random.below(timeline.length + 1));
  const fresh = digestsAt(begin(), new Set(goals));
  for (const goal of goals) {
    const world = timeline.at(goal);
    expect([seed, goal, world.digest.toString(), digestWorld(world)]).toEqual([
      seed,
      goal,
      ...(fresh.get(goal) ?? []),
    ]);
  }
}

/** Digests of a run's events and of its world, at these events. */
function digestsAt(
  world: World,
  goals: ReadonlySet<number>,
): ReadonlyMap<number, readonly string[]> {
  const digests = new Map<number, readonly string[]>();
  for (const goal of [...goals].sort((a, b) => a - b)) {
    advance(world, goal - world.events);
    digests.set(goal, [world.digest.toString(), digestWorld(world)]);
  }
  return digests;
}

describe('a timeline', () => {
  it('gives the steps that an observer of the whole run is told', () => {
    const begin = swarmWorld(7);
    const timeline = whole(new Timeline(begin, { spacing: 16 }));
    const told: unknown[] = [];
    const world = begin();
    world.observer = (step) => told.push(step);
    while (advance(world, 1_000));
    expect(timeline.steps(100, 140)).toEqual(told.slice(100, 140));
    expect(timeline.steps(3, 9)).toEqual(told.slice(3, 9));
  });

  it('runs from the start where it may keep no world', () => {
    const begin = swarmWorld(3);
    const timeline = whole(new Timeline(begin, { countMax: 0 }));
    const { length } = timeline;
    const digests = [length, length >>> 1, 5].map((goal) => digestWorld(timeline.at(goal)));
    const fresh = digestsAt(begin(), new Set([length, length >>> 1, 5]));
    expect(digests).toEqual([length, length >>> 1, 5].map((goal) => fresh.get(goal)?.[1]));
    expect(timeline.size.checkpoints).toBe(0);
  });

  it('keeps no more worlds than it may', () => {
    const timeline = whole(new Timeline(swarmWorld(0), { spacing: 4, countMax: 6 }));
    expect(timeline.length).toBeGreaterThan(100);
    expect(timeline.size.checkpoints).toBeLessThanOrEqual(6);
    const light = whole(new Timeline(swarmWorld(0), { spacing: 4, weightMax: 1 }));
    expect(light.size.checkpoints).toBeLessThanOrEqual(2);
  });

  it('knows which event each line of the history is from', () => {
    const timeline = whole(new Timeline(swarmWorld(4)));
    const { history } = timeline.front;
    expect(history.length).toBeGreaterThan(4);
    for (const { index, timeUs } of history) {
      const event = timeline.eventOfOp(index);
      expect(timeline.row(event)?.atUs).toBe(timeUs);
      expect(timeline.marksOf(event) & marks.ops).toBe(marks.ops);
      expect(timeline.opsBefore(event)).toBeLessThanOrEqual(index);
      expect(timeline.opsBefore(event + 1)).toBeGreaterThan(index);
    }
  });

  it('marks what was lost and who threw, and nothing else', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 12; seed++) {
      const timeline = whole(new Timeline(swarmWorld(seed)));
      for (const { index, happening, crash } of timeline.steps(0, timeline.length)) {
        const failed = happening.kind === 'synced' && happening.error !== undefined;
        const lost = happening.kind === 'lost' || happening.kind === 'held' || failed;
        const mark = (lost ? marks.lost : 0) | (crash === undefined ? 0 : marks.crash);
        expect([seed, index, timeline.marksOf(index) & ~marks.ops]).toEqual([seed, index, mark]);
        seen.add(mark);
      }
    }
    expect(seen.has(marks.lost)).toBe(true);
  });

  it('runs hosted programs from the start', () => {
    const { spec } = swarmWorld(3)();
    let worlds = 0;
    const perWorld = (): AnyProtocol => {
      worlds++;
      return protocol;
    };
    const hosted = { perWorld, ended: () => {} };
    const protocol: AnyProtocol = { ...spec.protocol, hosted };
    const begin = () => createWorld({ ...spec, protocol });
    const timeline = whole(new Timeline(begin));
    const { length } = timeline;
    const digests = [length - 1, 3].map((goal) => digestWorld(timeline.at(goal)));
    const fresh = digestsAt(begin(), new Set([length - 1, 3]));
    expect(digests).toEqual([length - 1, 3].map((goal) => fresh.get(goal)?.[1]));
    expect([timeline.size.checkpoints, worlds]).toEqual([0, 4]);
  });

  it('finds the first event at which an edited run differs', () => {
    const begin = swarmWorld(8);
    const timeline = whole(new Timeline(begin));
    const at = timeline.steps(60, 61)[0];
    if (at === undefined) throw new Error('there is such an event');
    const crash = { f: 'crash', nodes: ['n0'], lost: 'all' } as const;
    const edits = [{ edit: 'fault', at: at.key, fault: crash, forUs: undefined }] as const;
    const edited = whole(new Timeline(() => createWorld({ ...begin().spec, edits })));
    const event = firstDifferentEvent(timeline, edited) ?? 0;
    expect(event).toBeGreaterThanOrEqual(60);
    expect(timeline.row(event - 1)?.digest).toBe(edited.row(event - 1)?.digest);
    expect(timeline.row(event)?.digest).not.toBe(edited.row(event)?.digest);
    expect(firstDifferentEvent(timeline, whole(new Timeline(begin)))).toBeUndefined();
  });

  it('says where a protocol that is not deterministic went another way', () => {
    const { spec } = swarmWorld(1)();
    let made = 0;
    const cheating = (): World => createWorld({ ...spec, seed: String(made++) });
    const timeline = whole(new Timeline(cheating, { countMax: 0 }));
    expect(() => timeline.at(40)).toThrow(DivergedError);
  });
});
