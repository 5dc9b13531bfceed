// Code of users that never returns: ^C gets through to it.
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { builtCli } from '../support/built-cli.js';
import { directoryWith, namesIn, scenarioText } from './harness.js';

const protocolWith = (broadcast: string): string => `export const protocol = {
  name: 'runaway', about: '', options: {}, init: () => ({ n: 0 }),
  on: {
    broadcast(state, message, ctx) { ${broadcast} ctx.reply(message, { type: 'broadcast_ok' }); },
    read(state, message, ctx) { ctx.reply(message, { type: 'read_ok', messages: [] }); },
  },
};\n`;

const forEver = "process.stderr.write('stuck'); for (;;);";

const files = {
  'handler.mjs': protocolWith(`if (++state.n === 2) { ${forEver} }`),
  'handler.yaml': scenarioText({ protocol: './handler.mjs' }),
  'checker.mjs': `export const checker = {
    name: 'slow', about: '', options: {}, check() { ${forEver} },
  };\n`,
  'checker.yaml': scenarioText({ checkers: ['./checker.mjs', 'stats'] }),
};

/** Interrupts a command once its user's code is stuck. */
async function interrupted(args: readonly string[]) {
  const directory = directoryWith(files);
  const child = spawn(process.execPath, [builtCli(), ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    if (stderr.endsWith('stuck')) child.kill('SIGINT');
  });
  const code = await new Promise((done) => child.on('close', done));
  return { code, stdout, stderr, left: namesIn(directory) };
}

describe('an interrupt', () => {
  it('ends a run whose handler never returns', async () => {
    const { code, stdout, left } = await interrupted([
      'run',
      'handler.yaml',
      '--trace',
      't.ndjson',
    ]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/the run was interrupted at/);
    expect(stdout).toMatch(/run handler\.yaml --seed 1\n$/);
    expect(left).toEqual(Object.keys(files).sort());
  });

  it('ends a checker that never returns, and says what the run came to', async () => {
    const { code, stdout, left } = await interrupted([
      'run',
      'checker.yaml',
      '--trace',
      't.ndjson',
    ]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/slow {3}\? it was not asked to the end/);
    expect(stdout).toMatch(/digest [0-9a-f]{16}/);
    expect(left).toContain('t.ndjson'); // The run itself is complete.
  });

  it('ends a check of determinism, and leaves the globals as they were', async () => {
    const { code, stdout } = await interrupted(['check-determinism', 'handler.yaml']);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^interrupted {2}0 seeds/);
  });
});
