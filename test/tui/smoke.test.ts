// The program in a real terminal, with keys typed by tmux: starts, moves, suspends, quits, and
// leaves the terminal as it was. Skipped where there is no tmux.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCli } from '../support/built-cli.js';

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const socket = `stormglass-test-${process.pid}`;
const tmux = (...args: readonly string[]): string =>
  execFileSync('tmux', ['-L', socket, ...args], { encoding: 'utf8' });

/** Waits until the screen says it; the screen. */
async function seen(pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const screen = tmux('capture-pane', '-p', '-t', 'it');
    if (pattern.test(screen)) return screen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return tmux('capture-pane', '-p', '-t', 'it');
}

const type = (...keys: readonly string[]): string => tmux('send-keys', '-t', 'it', ...keys);

describe.skipIf(!hasTmux)('in tmux', () => {
  afterAll(() => {
    spawnSync('tmux', ['-L', socket, 'kill-server']);
  });

  it('steps, asks why and what if, suspends and comes back, and quits', async () => {
    tmux('new-session', '-d', '-s', 'it', '-x', '100', '-y', '30', 'env PS1=ready: sh');
    await seen(/ready:/);
    type(`LANG=C.UTF-8 ${process.execPath} ${builtCli()} step broadcast-no-retry`, 'Enter');
    expect(await seen(/8 violations/)).toMatch(/^❯ {5}0 {4}0\.000/m);
    type('Down', 'j', '3', 'j');
    expect(await seen(/event 5\//)).toMatch(/^❯ {5}5 /m);
    type('v', 'w');
    expect(await seen(/without it: the run is valid/)).toContain('[why #259');
    type('a');
    await seen(/what would have changed it/);
    type('Enter');
    expect(await seen(/w1 is ✓ valid/)).toContain('❯ w1');
    type('C-z');
    await seen(/ready:/);
    type('fg', 'Enter');
    expect(await seen(/ w1 {2}event/)).toContain('j/k step');
    type('q');
    const end = await seen(/come back with/);
    expect(end).toContain('step');
    expect(end).not.toContain('j/k step');
    type('stty -a | grep -c -- -icanon', 'Enter');
    expect(await seen(/^(ready:)?0$/m)).toMatch(/^(ready:)?0$/m); // Not raw any more.
  });
});
