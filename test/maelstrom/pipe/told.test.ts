// What a program is told and when, with a host that only writes down what it is handed.
import { expect, test } from 'vitest';
import { Conduct } from '../../../src/maelstrom/conduct.js';
import type { Host, Said } from '../../../src/maelstrom/pipe/host.js';
import { pipedProtocol } from '../../../src/maelstrom/pipe/protocol.js';
import { hostedScenario } from '../../../src/maelstrom/pipe/run.js';
import type { AnyProtocol } from '../../../src/node/protocol.js';
import { advance, begin, finish } from '../../../src/scenario/run.js';

interface Asked {
  readonly src: string;
  readonly dest: string;
  readonly body: { readonly type: string; readonly msg_id: number; readonly echo?: string };
}

/** Answers at the end of its turn whatever it was handed. */
function answers(handed: string[][]): Host {
  let said: Said[] = [];
  return {
    start: () => {},
    stop: () => {},
    hand: (_, lines) => {
      handed.push([...lines]);
      said.push(...lines.map(answerTo));
    },
    collect: () => {
      const all = said;
      said = [];
      return { said: all, timed: false, ended: undefined };
    },
  };
}

function answerTo(line: string): string {
  const { src, dest, body } = JSON.parse(line) as Asked;
  const { type, msg_id, echo } = body;
  const reply = { type: `${type}_ok`, in_reply_to: msg_id, echo };
  return JSON.stringify({ src: dest, dest: src, body: reply });
}

test('what arrives during a turn is handed over at once, in order, when it is over', () => {
  const handed: string[][] = [];
  const input = {
    nodes: 1,
    workload: { name: 'echo', rate: 4_000, concurrency: 8 },
    duration: '200ms',
    recovery: '10ms',
  };
  const parts = { name: 'echo', turnUs: 1_000, services: [] };
  const conduct = new Conduct();
  const protocol = pipedProtocol({ ...parts, host: answers(handed), conduct }) as AnyProtocol;
  const running = begin(hostedScenario(input, protocol), '1');
  while (advance(running, 1_000));
  const run = finish(running);
  expect(run.assessment.valid).toBe(true);
  const [init, ...others] = handed;
  expect(init).toHaveLength(1);
  expect(Math.max(...others.map(({ length }) => length))).toBeGreaterThan(2);
  // A turn each: no more of them than there are turns in the run.
  expect(handed.length).toBeLessThanOrEqual(211);
  const ids = handed.flat().map((line) => (JSON.parse(line) as { id: number }).id);
  expect(ids).toEqual(ids.map((_, index) => index));
  expect(ids.length).toBeGreaterThan(400);
});
