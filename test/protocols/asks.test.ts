// Asking services again and again: what is asked again is what was asked.
import { expect, it } from 'vitest';
import { ask, askAgain, askDefaults, noAsks } from '../../src/protocols/leaning/asks.js';

/** A node that asks; `said` is what it has sent, as of when it sent it. */
function asker() {
  const said: unknown[] = [];
  const ctx = {
    options: askDefaults,
    send: (_: string, body: object) => said.push(structuredClone(body)),
    setTimer: () => 1,
    clearTimer: () => {},
  };
  return { asks: noAsks<string>({ incarnation: 0 }), ctx: ctx as never, said };
}

it('asks again what it asked at first, whatever has become of the state since', () => {
  const { asks, ctx, said } = asker();
  const counts = new Map([['word', 1]]);
  ask(asks, ['store', { type: 'put', value: { counts, rows: [counts] } }], 'saved', ctx);
  counts.set('word', 2);
  askAgain(asks, { type: 'ask', id: 1 }, ctx);
  expect(said).toHaveLength(2);
  expect(said[1]).toEqual(said[0]);
});
