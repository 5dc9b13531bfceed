// `stormglass test` with programs behind pipes: verdicts, what is kept, replay, what is reported.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCli, spawnCli } from '../support/built-cli.js';
import { directoryWith, namesIn } from './harness.js';

const programs = resolve(import.meta.dirname, '../../fixtures/nodes');
const python = (name: string): string => join(programs, 'python', name);
/** Whether there is a process of this number. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const brief = ['--node-count', '3', '--time-limit', '2', '--rate', '20', '--recovery', '1'];

describe('stormglass test by pipe', () => {
  it('says how the program was hosted and what that promises', async () => {
    const args = ['test', '-w', 'echo', '--bin', python('echo.py'), ...brief, '--no-store'];
    const { code, stdout, stderr } = await spawnCli(args);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/hosted +Programs behind pipes, in lock-step with virtual time/);
    expect(stdout).toMatch(/verdict +valid\n/);
    expect(code).toBe(0);
  });

  it('keeps what was said, and replays it exactly without the program', async () => {
    const output = directoryWith();
    const args = ['-w', 'broadcast', '--bin', python('broadcast.py'), ...brief];
    const ran = await spawnCli(['test', ...args, '--output', output]);
    expect(ran.code).toBe(0);
    const home = realpathSync(join(output, 'latest'));
    expect(namesIn(join(home, 'node-logs'))).toEqual(['n0.log', 'n1.log', 'n2.log']);
    expect(readFileSync(join(home, 'lives.log'), 'utf8')).toMatch(/^0\.000000 n0 started$/m);
    const command = /^replay +stormglass (replay \S+)$/m.exec(ran.stdout)?.[1] ?? '';
    const again = await spawnCli(command.split(' '), { cwd: process.cwd() });
    expect(again.stdout).toMatch(/^identical/);
    expect(again.code).toBe(0);
  });

  it('names the line that is no message, and goes on', async () => {
    const args = ['test', '-w', 'echo', '--bin', python('wrong_garbage.py'), ...brief];
    const { code, stdout } = await spawnCli([...args, '--no-store']);
    expect(stdout).toMatch(/conduct +✗ garbage: line \d+ of n\d/);
    expect(stdout).toMatch(/set-full|echo +✓/);
    expect(code).toBe(1);
  });

  it('passes arguments on, and prints stderr as it comes', async () => {
    const home = directoryWith();
    const args = ['test', '-w', 'echo', '--bin', 'loud.sh', ...brief, '--no-store', '--log-stderr'];
    writeFileSync(
      join(home, 'loud.sh'),
      `#!/bin/sh\necho "told $1" >&2\nexec ${python('echo.py')}\n`,
    );
    chmodSync(join(home, 'loud.sh'), 0o755);
    const { code, stderr } = await spawnCli([...args, '--', 'twice'], { cwd: home });
    expect(stderr).toMatch(/^n0 told twice$/m);
    expect(stderr).toMatch(/^n2 told twice$/m);
    expect(code).toBe(0);
  });

  it('shows what a program wrote on stderr before it ended, in lines as they were', async () => {
    const home = directoryWith();
    const says = "printf 'Oh:\\n    two  words\\n    at us\\n' >&2";
    writeFileSync(join(home, 'ends.sh'), `#!/bin/sh\nread line\n${says}\nexit 3\n`);
    chmodSync(join(home, 'ends.sh'), 0o755);
    const args = ['test', '-w', 'echo', '--bin', './ends.sh', ...brief];
    const { code, stdout } = await spawnCli(args, { cwd: home });
    expect(stdout).toMatch(/✗ crash: n0 ended at 0\.001000 s: the program exited with code 3;/);
    const words = ['its stderr ends in:', 'Oh:', '    two  words', '    at us', ''];
    expect(stdout).toContain(words.join(`\n${' '.repeat(26)}`));
    expect(stdout).not.toContain('protocol.js');
    expect(stdout).toMatch(/^logs +store\/echo\/.*\/node-logs$/m);
    expect(code).toBe(1);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves no results and no process when %s ends it', async (signal, code) => {
    const home = directoryWith();
    // Each program leaves its number, so that it can be looked for.
    const script = `#!/bin/sh\necho $$ >> pids\nexec ${python('echo.py')}\n`;
    writeFileSync(join(home, 'node.sh'), script.replace('pids', join(home, 'pids')));
    chmodSync(join(home, 'node.sh'), 0o755);
    const args = ['test', '-w', 'echo', '--bin', './node.sh', '--time-limit', '36000'];
    const child = spawn(process.execPath, [builtCli(), ...args], { cwd: home, stdio: 'pipe' });
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    const pids = (): readonly number[] =>
      namesIn(home).includes('pids')
        ? readFileSync(join(home, 'pids'), 'utf8').trimEnd().split('\n').map(Number)
        : [];
    while (pids().length < 5) await new Promise((resume) => setTimeout(resume, 20));
    child.kill(signal);
    const ended = await new Promise((done) => child.on('close', done));
    expect(ended).toBe(code);
    expect(stdout).toMatch(/results +not kept/);
    expect(namesIn(home)).toEqual(['node.sh', 'pids']);
    expect(pids().filter(isThere)).toEqual([]);
  });

  it.each([
    ['a program that is not there', 'nothing.py', /there is no program "nothing\.py"/],
    ['a program that is a directory', '.', /--bin "\." is no file: it is a directory/],
    ['a program that may not be run', 'still.py', /still\.py is not executable.*chmod \+x/s],
  ])('refuses %s', async (_, bin, message) => {
    const home = directoryWith({ 'still.py': '#!/usr/bin/env python3\n' });
    const args = ['test', '-w', 'echo', '--bin', bin, ...brief];
    const { code, stdout, stderr } = await spawnCli(args, { cwd: home });
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(64);
    expect(namesIn(home)).toEqual(['still.py']);
  });
});
