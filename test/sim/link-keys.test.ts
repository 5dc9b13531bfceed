// Keys by link: when a program speaks is its own affair, what becomes of its nth message is not.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { createWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import type { EffectRow } from '../../src/sim/step.js';
import { specOf, tiny } from '../support/worlds.js';

const messages = 40;

/** Tells n1 forty things, one every `everyUs`, and n0 something in between if it `chats`. */
function teller(everyUs: number, chats: boolean, keyedByLink: boolean): AnyProtocol {
  const protocol: AnyProtocol = tiny({
    init: (ctx) => {
      if (ctx.self === 'n0') ctx.setTimer({ type: 'tell', left: messages } as never, everyUs);
      return {};
    },
    on: { news: () => {} },
    timers: {
      tell: (_state: unknown, { left }: { left: number }, ctx) => {
        ctx.send('n1', { type: 'news' });
        if (chats) ctx.send('n0', { type: 'news' });
        if (left > 1) ctx.setTimer({ type: 'tell', left: left - 1 } as never, everyUs);
      },
    },
    hosted: {
      perWorld: () => protocol,
      ended: () => {},
      ...(keyedByLink && { keyedByLink: true as const }),
    },
  });
  return protocol;
}

/** What became of each message from n0 to n1. */
function fatesOf(protocol: AnyProtocol, seed = '1'): readonly unknown[] {
  const network = { lossPpm: 300_000, duplicatePpm: 200_000 };
  const latency = { shape: 'uniform', minUs: 1_000, maxUs: 9_000 } as const;
  const spec = specOf({ protocol, seed, network: { ...network, latency } });
  const world = createWorld({ ...spec, protocol });
  const fates: unknown[] = [];
  let nowUs = 0;
  world.observer = ({ atUs, effects }) => {
    nowUs = atUs;
    for (const effect of effects) if (isTold(effect)) fates.push(fateOf(effect));
  };
  const fateOf = ({ key, fate }: Extract<EffectRow, { effect: 'send' }>): unknown =>
    fate.fate === 'sent' ? [key, fate.arrivesUs - nowUs, fate.copies] : [key, fate.fate];
  while (advance(world, 100));
  return fates;
}

function isTold(effect: EffectRow): effect is Extract<EffectRow, { effect: 'send' }> {
  return effect.effect === 'send' && effect.dest === 'n1';
}

describe('the messages of a program with a timing of its own', () => {
  it('fare the same whenever they are sent and whatever else is', () => {
    const fates = fatesOf(teller(1_000, false, true));
    expect(fates).toHaveLength(messages);
    expect(fatesOf(teller(77_777, false, true))).toEqual(fates);
    expect(fatesOf(teller(1_000, true, true))).toEqual(fates);
  });

  it('fare differently with another seed, and each in its own way', () => {
    const fates = fatesOf(teller(1_000, false, true));
    expect(fatesOf(teller(1_000, false, true), '2')).not.toEqual(fates);
    expect(new Set(fates.map((fate) => JSON.stringify(fate))).size).toBe(messages);
  });

  it('are like any others where the program has no timing of its own', () => {
    const fates = fatesOf(teller(1_000, false, false));
    expect(fates).not.toEqual(fatesOf(teller(1_000, false, true)));
  });
});
