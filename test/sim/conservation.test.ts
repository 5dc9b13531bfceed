// What holds in every run, whatever befalls it: nothing comes from nowhere, nothing gets lost
// unaccounted for, nobody acts while dead or asleep, and no two events have the same key.
import { describe, expect, it } from 'vitest';
import { clone, equal } from '../../src/kernel/plain.js';
import { slotAt } from '../../src/kernel/queue.js';
import { protocols } from '../../src/protocols/index.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import { createWorld } from '../../src/sim/create.js';
import { step } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import { kindOf, kinds } from '../../src/sim/schedule.js';
import type { EffectRow, Step } from '../../src/sim/step.js';
import type { World } from '../../src/sim/world.js';
import { swarm } from '../support/swarm.js';

type Sent = Extract<EffectRow, { effect: 'send' }>;

/** A run, step by step, with a look at the world after each. */
function walk(name: string, number: number, look: (told: Step, world: World) => void): World {
  const input = swarm(protocols.get(name) as never, number);
  const world = createWorld(resolve(scenarioOf(input), { seed: 'c', edits: [], strict: false }));
  let told: Step | undefined;
  world.observer = (happened) => {
    told = happened;
  };
  while (step(world)) if (told !== undefined) look(told, world);
  return world;
}

/** Slots of messages that are still under way: in the queue, or waiting for their node. */
function underWay({ queue, parties }: World): number {
  const waiting = parties.flatMap(({ node }) => node?.held ?? []);
  const isMessage = (slot: number): boolean =>
    kindOf(queue.words[slotAt(slot) + 2] as number) === kinds.deliver;
  return [...queue.waiting(), ...waiting].filter(isMessage).length;
}

const names = [...protocols.keys()];
const storms = names.flatMap((name, i) =>
  [i, i + 20, i + 40, i + 60].map((n) => [name, n] as const),
);

describe.each(storms)('%s in swarm %i', (name, number) => {
  const sent = new Map<string, Sent>();
  const keys = new Map<string, number>();
  const violations: string[] = [];
  const nodeOf = ({ happening }: Step): string | undefined =>
    'node' in happening && happening.kind !== 'lost' ? happening.node : undefined;

  const world = walk(name, number, (told, { parties, partyOf, queue }) => {
    const { happening, index, key, cause, atUs, effects } = told;
    if (happening.kind !== 'held') keys.set(key, (keys.get(key) ?? 0) + 1);
    for (const row of effects) if (row.effect === 'send') sent.set(row.key, clone(row));
    if (cause >= index) violations.push(`event ${index} is caused by a later one`);
    if (atUs !== queue.nowUs) violations.push(`event ${index} is not now`);
    const node = parties[partyOf.get(nodeOf(told) ?? '') ?? -1]?.node;
    const acts = happening.kind === 'deliver' || happening.kind === 'timer';
    if (acts && node !== undefined && node.status !== 'up' && told.crash === undefined) {
      violations.push(`event ${index} happens at ${node.name}, which is ${node.status}`);
    }
    const origin = sent.get(key);
    if (happening.kind === 'deliver' && origin !== undefined) {
      if (!equal(origin.body, happening.message.body)) violations.push(`${key} was changed`);
      if (origin.dest !== happening.message.dest) violations.push(`${key} went astray`);
      if (origin.fate.fate === 'lost') violations.push(`${key} was lost and arrived`);
      if (origin.fate.fate === 'sent' && origin.fate.arrivesUs > atUs) {
        violations.push(`${key} arrived early`);
      }
    }
  });

  it('keeps the rules at every event', () => {
    expect(violations).toEqual([]);
  });

  it('accounts for every message', () => {
    const { sent: all, delivered, dropped, duplicated } = resultOf(world).counts.messages.all;
    const held = world.heldMessages.length;
    expect(delivered + dropped + underWay(world) + held).toBe(all + duplicated);
    expect(delivered).toBeGreaterThan(0);
  });

  it('gives every event a key of its own', () => {
    const twice = [...keys].filter(([, count]) => count > 1).map(([key]) => key);
    expect(twice).toEqual([]);
  });

  it('completes every operation once, in the order of its process', () => {
    const open = new Map<unknown, number>();
    for (const { process, type, index } of world.history) {
      expect(open.has(process), `line ${index}`).toBe(type !== 'invoke');
      if (type === 'invoke') open.set(process, index);
      else open.delete(process);
    }
    expect(open.size).toBe(0);
  });
});
