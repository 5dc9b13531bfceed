// Many seeds of rescales under storms, timing constants swept as if they were faults: both sound
// designs, each with the other one off, and how many seeds catch each mistake.
// Arguments: the first seed, and how many.
import { simulate } from '../../src/scenario/simulate.js';
import { rescaling } from '../support/goobly.js';

const [from = 0, count = 50] = process.argv.slice(2).map(Number);

const sound = [
  ['goobly/drain', 'in order'],
  ['goobly/fence', 'any'],
] as const;

const broken = [
  ...['goobly/no-drain', 'goobly/missing-parent', 'goobly/double-restore', 'goobly/timers-stay'],
  ...['goobly/timers-lost', 'goobly/output-first', 'goobly/wall-clock', 'goobly/no-abort'],
];

function sweep(protocol: string, channels: 'in order' | 'any', seeds: number): void {
  const failed: string[] = [];
  let commits = 0;
  for (let number = from; number < from + seeds; number++) {
    const seed = `sweep-${number}`;
    const { assessment } = simulate(rescaling(protocol, channels, seed), seed);
    if (assessment.valid !== true) failed.push(seed);
    commits += Number(assessment.judgements[0]?.stats?.snapshots ?? 0);
  }
  const names = failed.slice(0, 10).join(' ');
  process.stdout.write(
    `${protocol.padEnd(24)} ${channels.padEnd(9)} ${seeds} seeds from ${from}: ` +
      `${failed.length} not valid, ${commits} commits judged  ${names}\n`,
  );
}

for (const [protocol, channels] of sound) sweep(protocol, channels, count);
for (const protocol of broken) sweep(protocol, 'in order', Math.ceil(count / 10));
