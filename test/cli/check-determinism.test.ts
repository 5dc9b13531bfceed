// `stormglass check-determinism`: leaks are named, sound scenarios pass; a fresh process is asked.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, scenarioText } from './harness.js';

/** A protocol whose third broadcast on a node runs `leak`; `before` stands at the module's top. */
const leaky = (leak: string, before = ''): string => `${before}
export const protocol = {
  name: 'leaky', about: 'Leaks.', options: {},
  init: () => ({ seen: new Set(), count: 0, extra: 0 }),
  on: {
    broadcast(state, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      state.seen.add(message.body.message);
      state.count++;
      if (state.count >= 3) { ${leak} }
    },
    read(state, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...state.seen] });
    },
  },
};\n`;

const fileWith = (protocol: string): string =>
  join(
    directoryWith({
      'leaky.mjs': protocol,
      'leaky.yaml': scenarioText({ protocol: './leaky.mjs', nodes: 1 }),
    }),
    'leaky.yaml',
  );

const leaks: readonly (readonly [name: string, protocol: string, label: string])[] = [
  ['Math.random', leaky('state.extra = Math.random();'), 'state.extra'],
  ['Date.now', leaky('state.extra = Date.now();'), 'state.extra'],
  [
    'a Set ordered by chance',
    leaky('state.seen = new Set([...state.seen].sort(() => Math.random() - 0.5));'),
    'state.seen[0]',
  ],
  ['state of the module', leaky('state.extra = counter++;', 'let counter = 0;'), 'state.extra'],
];

describe('a check of determinism', () => {
  it('passes a sound scenario', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText() });
    const file = join(directory, 'small.yaml');
    const { code, stdout, stderr } = await cli(['check-determinism', file]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^deterministic {2}1 seed, [\d,]+ events, digest [0-9a-f]{16}\n/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      `stormglass check-determinism ${file} --seed 1`,
    );
  });

  it('checks as many seeds as it is told to', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText() });
    const file = join(directory, 'small.yaml');
    const { code, stdout } = await cli(['check-determinism', file, '--seeds', '5', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ deterministic: true });
    expect(report.seeds.map(({ seed }: { seed: string }) => seed)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('numbers seeds that are no numbers', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText({ seed: 'mine' }) });
    const args = ['check-determinism', join(directory, 'small.yaml'), '--seeds', '3', '--json'];
    const { stdout } = await cli(args);
    const seeds = JSON.parse(stdout).seeds.map(({ seed }: { seed: string }) => seed);
    expect(seeds).toEqual(['mine', 'mine-2', 'mine-3']);
  });

  it.each(leaks)('finds %s', async (_name, protocol, label) => {
    const { code, stdout } = await cli(['check-determinism', fileWith(protocol), '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      deterministic: false,
      divergence: { node: 'n0', handler: 'on.broadcast', label },
      repro: expect.stringMatching(/^stormglass check-determinism \S+ --seed 1$/),
    });
  });

  it('tells people the event, the handler and both values', async () => {
    const leak = leaky('state.extra = new Date().getFullYear();');
    const { stdout } = await cli(['check-determinism', fileWith(leak)]);
    expect(stdout).toMatch(/^not deterministic {2}leaky, seed 1\n/);
    expect(stdout).toMatch(/first +event \d+ at \d\.\d{6} s on n0\n/);
    expect(stdout).toMatch(/in one world +2001\n +in the other +2033\n/);
  });

  it('finds what only a fresh process shows', async () => {
    const { code, stdout } = await cli([
      'check-determinism',
      fileWith(leaky('state.extra = process.pid; ctx.note(String(process.pid));')),
      '--json',
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      divergence: { found: 'in a fresh process', handler: 'on.broadcast', label: 'note #1: text' },
    });
  });

  it('says that it was interrupted', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText({ duration: '5m' }) });
    const { code, stdout } = await cli(['check-determinism', join(directory, 'small.yaml')], {
      signalAt: ['SIGINT', 1],
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^interrupted {2}/);
  });

  it('calls a fresh process that fails a bug', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText() });
    const spawn = async () => ({ code: 70, stdout: '', stderr: 'it burns' });
    const { code, stderr } = await cli(['check-determinism', join(directory, 'small.yaml')], {
      spawn,
    });
    expect(code).toBe(70);
    expect(stderr).toContain('it burns');
  });
});
