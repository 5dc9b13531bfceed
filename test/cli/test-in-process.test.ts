// `stormglass test` with JavaScript programs in-process: hosting by name and by first line, what is
// deterministic, and what is said of programs that misbehave or ask for what they cannot have.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { spawnCli } from '../support/built-cli.js';
import { directoryWith } from './harness.js';

/** An echo that does something beside when it is asked to echo. */
const echo = (beside: string): string => `#!/usr/bin/env node
const { createInterface } = require('node:readline');
let self;
let asked = 0;
const send = (dest, body) => console.log(JSON.stringify({ src: self, dest, body }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, body } = JSON.parse(line);
  if (body.type === 'init') {
    self = body.node_id;
    console.error('I am', self, process.argv.slice(2).join(' '));
    send(src, { type: 'init_ok', in_reply_to: body.msg_id });
  } else {
    asked++;
    ${beside}
    send(src, { type: 'echo_ok', echo: body.echo, in_reply_to: body.msg_id });
  }
});
`;

const programs: Readonly<Record<string, string>> = {
  'right.js': echo(''),
  'deno.js': '#!/usr/bin/env -S deno run\nDeno.exit(1);\n',
  right: echo(''),
  'garbage.js': echo("if (asked === 3) console.log('debug: three');"),
  'twice.js': echo(
    "if (asked === 3) send(src, { type: 'echo_ok', echo: body.echo, in_reply_to: body.msg_id });",
  ),
  'dies.js': echo("if (asked === 3) throw new Error('three is too many');"),
  'net.js': echo("require('node:net').connect(80, 'localhost');"),
  'broken.js': 'const = 1;\n',
};

let home: string;
const brief = ['--node-count', '2', '--time-limit', '5', '--rate', '10'];

const run = (bin: string, more: readonly string[] = ['--no-store']) =>
  spawnCli(['test', '-w', 'echo', '--bin', bin, ...brief, ...more], { cwd: home });

beforeAll(() => {
  home = directoryWith();
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o755);
  }
});

describe('stormglass test in-process', () => {
  it.each(['./right.js', './right'])('hosts %s, and says so', async (bin) => {
    const { code, stdout, stderr } = await run(bin);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/hosted +JavaScript, in-process: deterministic: the same seed/);
    expect(code).toBe(0);
  });

  it('leaves to Deno what is written for Deno, by pipe', async () => {
    const { stdout } = await run('./deno.js');
    expect(stdout).toMatch(/hosted +Programs behind pipes/);
  });

  it('gives the same run again, and another one by pipe', async () => {
    const [one, two] = [await run('./right.js'), await run('./right.js')];
    expect(two.stdout).toBe(one.stdout);
    const piped = await run('./right.js', ['--no-store', '--host', 'pipe']);
    expect(piped.stdout).toMatch(/hosted +Programs behind pipes/);
    expect(piped.code).toBe(0);
  });

  it('keeps what each node writes on stderr, arguments and all', async () => {
    const { code } = await run('./right.js', ['--output', 'kept', '--', 'loud']);
    expect(code).toBe(0);
    const log = readFileSync(join(home, 'kept/latest/node-logs/n1.log'), 'utf8');
    expect(log).toContain('0.000000 started\n');
    expect(log).toContain('0.000000 I am n1 loud\n');
  });

  it('names a line that is no message, and goes on', async () => {
    const { code, stdout } = await run('./garbage.js');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /conduct ✗ garbage: line 4 of n\d, at \d\.\d+ s: it is no JSON: debug: three/,
    );
    expect(stdout).toMatch(/echo +✓/);
    expect(code).toBe(1);
  });

  it('names an answer that comes twice', async () => {
    const { code, stdout } = await run('./twice.js');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/✗ twice: line \d+ of n\d.*has been answered/);
    expect(stdout).toContain('Maelstrom would say valid');
    expect(code).toBe(1);
  });

  it('analyses a run in which a node dies', async () => {
    const { code, stdout } = await run('./dies.js');
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/crashes ✗ crash: n\d ended at .*three is too many/);
    expect(stdout).toMatch(/echo +✗/);
    expect(code).toBe(1);
  });

  it('says what a program cannot have, and what to do about it', async () => {
    const { code, stdout } = await run('./net.js');
    expect(stdout).toMatch(/refused .*node:net|refused .*network/);
    expect(stdout).toContain('--host pipe runs the program as a process of its own');
    expect(code).toBe(1);
  });

  it('refuses a program that does not compile', async () => {
    const { code, stdout, stderr } = await run('./broken.js');
    expect(stderr).toMatch(/error {2}the program \.\/broken\.js does not compile: SyntaxError/);
    expect(stdout).toBe('');
    expect(code).toBe(64);
  });
});
