// Hosted programs as nodes of a world: the handshake, crashes and restarts, clocks that faults
// skew, and the same digest for the same seed.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostedJavaScript } from '../../../src/maelstrom/realm/hosted-javascript.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { UsageError } from '../../../src/scenario/usage-error.js';
import { createWorld, forkWorld } from '../../../src/sim/create.js';
import { specOf } from '../../support/worlds.js';
import { type Asked, talk } from './cluster.js';
import { programOf } from './programs.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/nodes/javascript/${name}`, import.meta.url));

/** A program that answers `ask` with what `answer` makes of its number of requests. */
const asking = (answer: string): string => `
  let id, n = 0;
  require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { src, body } = JSON.parse(line);
    if (body.type === 'init') id = body.node_id;
    const more = body.type === 'init' ? {} : { value: (${answer}) };
    const reply = { type: body.type + '_ok', in_reply_to: body.msg_id, ...more };
    console.log(JSON.stringify({ src: id, dest: src, body: reply }));
  });`;

const values = (answers: readonly string[]): unknown[] =>
  answers.map((answer) => JSON.parse(answer.replace(/^\S+ \S+ /, '')).value);

const ask = (atMs: number): Asked => [atMs, 'n0', { type: 'ask' }];

describe('init', () => {
  it('is the first line, with the names of all nodes and a number', () => {
    const path = programOf({
      'main.js': 'process.stdin.on("data", (data) => process.stderr.write(data));',
    });
    const { log } = talk(path, [], { count: 2, args: ['x'] });
    const line = (id: number, node_id: string) => {
      const body = { type: 'init', msg_id: 1, node_id, node_ids: ['n0', 'n1'] };
      return { kind: 'stderr', text: JSON.stringify({ id, src: 'c-admin', dest: node_id, body }) };
    };
    expect(log).toMatchObject([line(0, 'n0'), line(1, 'n1')]);
  });

  it('may be answered late: services answer before, requests wait', () => {
    const code = `
      const say = (dest, body) => console.log(JSON.stringify({ src: 'n0', dest, body }));
      let admin;
      require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { src, body } = JSON.parse(line);
        console.error(body.type);
        if (body.type === 'init') {
          admin = { src, reply: { type: 'init_ok', in_reply_to: body.msg_id } };
          say('lin-kv', { type: 'write', key: 1, value: 2, msg_id: 9 });
        } else if (body.type === 'write_ok') setTimeout(() => say(admin.src, admin.reply), 100);
        else say(src, { type: 'ask_ok', in_reply_to: body.msg_id });
      });`;
    const { answers, log } = talk(programOf({ 'main.js': code }), [ask(1), ask(2)]);
    expect(log.map(({ atUs, text }) => [atUs, text])).toEqual([
      [0, 'init'],
      [20_000, 'write_ok'],
      [120_000, 'ask'],
      [120_000, 'ask'],
    ]);
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(['130', '130']);
  });
});

describe('a node', () => {
  it('that crashes forgets all, and starts as a program of its own', () => {
    const path = programOf({ 'main.js': asking('[++n, process.uptime()]') });
    const faults = [[350_000, { f: 'crash', nodes: ['n0'], lost: 'all' }, 100_000]] as const;
    const { answers } = talk(path, [ask(100), ask(200), ask(600)], { faults: faults as never });
    expect(values(answers)).toEqual([
      [1, 0.11],
      [2, 0.21],
      [1, 0.16],
    ]);
  });

  it('tells the time of its own clock, which faults set', () => {
    const path = programOf({ 'main.js': asking('[Date.now() % 1e9, performance.now()]') });
    const skew = { f: 'clock-offset', nodes: ['n0'], offsetUs: -5_000_000 };
    const { answers } = talk(path, [ask(990), ask(2_990)], {
      faults: [[2_000_000, skew as never]],
    });
    const [[before, one], [after, two]] = values(answers) as [[number, number], [number, number]];
    expect(after - before).toBe(-3_000);
    expect(two).toBeGreaterThanOrEqual(one);
  });

  it('gets its arguments, and an environment that is nobody else’s', () => {
    const path = programOf({ 'main.js': asking('[process.argv.slice(2), process.env]') });
    const [value] = values(talk(path, [ask(1)], { args: ['--flag', 'x'] }).answers) as [unknown[]];
    expect(value[0]).toEqual(['--flag', 'x']);
    expect(value[1]).toMatchObject({ TZ: 'UTC' });
    expect(value[1]).not.toHaveProperty('PWD');
  });

  it('is told bodies as they are, however odd', () => {
    const path = programOf({ 'main.js': asking('body') });
    const odd = {
      type: 'ask',
      '1': [null, { é: '\u2028"\\' }],
      big: 2 ** 53,
      small: 1e-9,
      no: false,
    };
    const [value] = values(talk(path, [[1, 'n0', odd]]).answers);
    const big = { $number: '9007199254740992' }; // Its digits, which a double may not hold.
    expect(value).toEqual({ msg_id: 0, ...odd, big });
  });
});

describe('a run', () => {
  const scenario = (path: string) =>
    ({
      protocol: hostedJavaScript(path),
      nodes: 5,
      workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
      network: { latency: { shape: 'exponential', mean: '20ms' }, loss: '10%', clients: 'instant' },
      faults: [{ id: 'cuts', every: '1s', faults: ['partition'], shapes: ['majority'] }],
      duration: '5s',
      recovery: '10s',
    }) as never;

  it('of the same seed has the same digest, in a world of its own each time', () => {
    const path = fixture('broadcast/main.mjs');
    const shared = scenario(path);
    const [one, again] = [simulate(shared, 1), simulate(shared, 1)];
    expect(one.assessment.valid).toBe(true);
    expect(one.digest).toBe('c6ac7e85a61fa6a9'); // On every machine and every Node.
    expect(again.digest).toBe(one.digest);
    expect(simulate(scenario(path), 1).digest).toBe(one.digest);
    expect(simulate(shared, 2).digest).not.toBe(one.digest);
  });

  it('cannot be forked', () => {
    const world = createWorld(specOf({ protocol: hostedJavaScript(fixture('echo.js')) }));
    expect(() => forkWorld(world)).toThrow('a world of hosted programs cannot be forked');
  });
});

describe('what cannot be hosted', () => {
  it.each([
    [() => '/nowhere/x.js', 'there is no program'],
    [() => '/tmp', 'is a directory'],
    [() => programOf({ 'a.js': 'const = 1;' }), 'does not compile: SyntaxError: '],
    [() => programOf({ 'a.mjs': 'export default;' }), 'a.mjs:1:'],
    [() => programOf({ 'a.node': '' }), 'is no JavaScript'],
  ])('is refused with one clear message', (path, message) => {
    const host = (): unknown => hostedJavaScript(path());
    expect(host).toThrow(UsageError);
    expect(host).toThrow(message);
  });
});
