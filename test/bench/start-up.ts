// How long the command line takes to say its version and to run a small scenario, beside `node -e
// 0`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './measure.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = `${root}dist/cli/main.js`;

/** Prints the medians of interleaved runs and their ratios. Needs a built `dist`. */
export function startUp(print: (line: string) => void): void {
  const commands: readonly (readonly [string, readonly string[], string])[] = [
    ['node -e 0', ['-e', '0'], ''],
    ['stormglass --version', [main, '--version'], 'goal ≤ 2×'],
    [
      'stormglass run scenarios/echo.yaml',
      [main, 'run', `${root}scenarios/echo.yaml`],
      'goal ≤ 5×',
    ],
  ];
  const times = commands.map((): number[] => []);
  for (let round = 0; round < 9; round++) {
    for (const [i, [, args]] of commands.entries()) (times[i] as number[]).push(wallMs(args));
  }
  const bare = median(times[0] as number[]);
  print('\nstart-up, whole process, median of 9');
  for (const [i, [name, , goal]] of commands.entries()) {
    const own = median(times[i] as number[]);
    print(`${name.padEnd(44)}  ${own.toFixed(0)} ms  ${(own / bare).toFixed(2)}×  ${goal}`);
  }
}

function wallMs(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, CI: 'true' } });
  return Number(process.hrtime.bigint() - start) / 1e6;
}
