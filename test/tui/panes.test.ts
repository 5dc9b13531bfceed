// What panes say of properties, of milestones and of scripted operations, as of the cursor.
import { describe, expect, it } from 'vitest';
import { brokenBroadcast } from '../support/tracks.js';
import { open } from './terminal.js';

interface Counter {
  n: number;
}

const nOf = (cluster: { state(node: string): unknown }): number =>
  (cluster.state('n0') as Counter | undefined)?.n ?? 0;

/** Counts up, ten times a second. */
const counter = {
  name: 'counter',
  about: 'Counts.',
  options: {},
  init(ctx: { setTimer(timer: object, delayUs: number): void }): Counter {
    ctx.setTimer({ type: 'tick' }, 100_000);
    return { n: 0 };
  },
  on: {},
  timers: {
    tick(state: Counter, _: unknown, ctx: { setTimer(timer: object, delayUs: number): void }) {
      state.n++;
      ctx.setTimer({ type: 'tick' }, 100_000);
    },
  },
  milestones: { five: ({ n }: Counter) => n >= 5 },
  properties: [
    {
      ...{ kind: 'always', name: 'small', about: 'The count is small.' },
      broken: (cluster: never) => (nOf(cluster) > 7 ? 'n0 counts too far' : undefined),
    },
    {
      ...{ kind: 'sometimes', name: 'three', about: 'Somebody counts to three.' },
      reached: (cluster: never) => nOf(cluster) >= 3,
    },
    {
      ...{ kind: 'eventually', name: 'comes-to-an-end', about: 'It ends.' },
      missing: () => undefined,
    },
  ],
};

const counting = {
  protocol: counter as never,
  nodes: 1,
  duration: '2s',
  faults: [{ when: { state: 'five' }, fault: 'pause', nodes: ['@node'], for: '50ms' }],
} as never;

describe('properties and milestones', () => {
  it('are as of the cursor', async () => {
    const opened = await open(counting, { columns: 140, rows: 40 });
    expect(opened.text()).toMatch(/── properties ─/);
    expect(opened.text()).toMatch(/✓ small {2}so far/);
    expect(opened.text()).toMatch(/○ three {2}not reached yet/);
    expect(opened.text()).toMatch(/○ comes-to-an-end {2}asked at the end/);
    expect(opened.text()).toMatch(/○ when some node is five: pause it/);
    await opened.type('v');
    expect(opened.text()).toMatch(/✗ small @\d+: n0 counts too far/);
    expect(opened.text()).toMatch(/✓ three @\d+ {2}reached/);
    expect(opened.text()).toMatch(/· 0\.\d+–0\.\d+ {2}pause n0/);
    await opened.type('w');
    expect(opened.text()).toMatch(/no message was missing and no fault had done/);
    await opened.type('esc', 'G');
    expect(opened.text()).toMatch(/✓ comes-to-an-end {2}held to the end/);
  });
});

describe('scripted operations', () => {
  it('are seen before they are due', async () => {
    const operations = [1, 2].map((value) => ({ at: `${value}s`, f: 'broadcast', value }));
    const workload = { name: 'broadcast', options: { topology: 'line' }, operations };
    const input = { ...brokenBroadcast, workload } as typeof brokenBroadcast;
    const opened = await open(input, { columns: 140, rows: 40 });
    expect(opened.text()).toMatch(
      /○ c0 broadcast 1 {2}at 1\.000[\s\S]*○ c0 broadcast 2 {2}at 2\.000/,
    );
    await opened.type('/', 'broadcast 1', 'enter');
    expect(opened.text()).not.toContain('broadcast 1  at');
    expect(opened.text()).toMatch(/○ c0 broadcast 2 {2}at 2\.000/);
  });
});
