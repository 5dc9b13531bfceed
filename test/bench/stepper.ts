// How quick the stepper is: seeks and steps back in a run of 100,000 events with faults, a key
// press until the frame is on the screen of an emulated terminal, the first screen of a run of a
// million events, and what that run takes in memory. Times are of the processor.
import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { readText } from '../../src/files/text-file.js';
import { parseYaml } from '../../src/files/yaml-text.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Scenario, ScenarioInput } from '../../src/scenario/scenario.js';
import { extendTrack, openTrack, type Track } from '../../src/scenario/walk.js';
import { Xorshift } from './bare-heap.js';
import { pingStorm } from './storms.js';

type Print = (line: string) => void;

/** Its figures, one a line. */
export async function stepper(print: Print): Promise<void> {
  await firstScreen(print);
  const track = openTrack(troubled(), '1');
  while (extendTrack(track, 8_192));
  print(`a run of ${track.timeline.length} events, 25 nodes, partitions, loss, slow links`);
  seeks(track, print);
  await keys(print);
}

/** The shipped scenario with partitions, a little longer. */
function troubled(): Scenario {
  const { value } = parseYaml(readText('scenarios/broadcast-partitions.yaml', 'scenario file'));
  return scenarioOf({ ...(value as ScenarioInput), duration: '27s' });
}

function seeks({ timeline }: Track, print: Print): void {
  const random = new Xorshift();
  const timed = (count: number, work: () => void): readonly number[] =>
    Array.from({ length: count }, () => msOf(work));
  const jumps = timed(300, () => timeline.at(random.below(timeline.length)));
  print(`seek to any event           ${quantiles(jumps)}  goal p95 < 100`);
  let at = Math.floor(timeline.length * 0.9);
  timeline.at(at);
  const back = timed(300, () => timeline.at(--at));
  print(`one step back               ${quantiles(back)}  goal < 30`);
}

/** Of processor time: what else the machine does is not the stepper's. */
function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function msOf(work: () => void): number {
  const before = spentMs();
  work();
  return spentMs() - before;
}

function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [p50, p95, max] = [0.5, 0.95, 1].map(
    (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0,
  );
  const shown = [p50, p95, max].map((value) => (value ?? 0).toFixed(1).padStart(6));
  return `p50 ${shown[0]} ms  p95 ${shown[1]} ms  max ${shown[2]} ms`;
}

/** A terminal in memory, and when a frame has reached its screen. */
class Screen extends EventEmitter {
  readonly #terminal = new headless.Terminal({ cols: 140, rows: 40, allowProposedApi: true });
  readonly columns = 140;
  readonly rows = 40;

  write(text: string): void {
    this.#terminal.write(text, () => this.emit('shown'));
  }

  /** Milliseconds until what `work` leads to is on the screen. */
  shownAfter(work: () => void): Promise<number> {
    const before = spentMs();
    const shown = new Promise<number>((resolve) => {
      this.once('shown', () => resolve(spentMs() - before));
    });
    work();
    return shown;
  }
}

class Keyboard extends EventEmitter {
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
}

const host = { on: () => {}, off: () => {}, stop: () => {} };

async function open(scenario: Scenario, at: number | undefined) {
  process.env.NODE_ENV = 'production'; // As the command does, before React is loaded.
  const { stepThrough } = await import('../../src/tui/session.js');
  const [stdin, stdout] = [new Keyboard(), new Screen()];
  const origin = { path: 'bench.yaml', scenario, seed: '1', edits: [], command: 'stormglass' };
  const palette = { colors: true, ascii: false };
  const begin = () => stepThrough({ stdin, stdout, host }, { origin, at, palette });
  return { stdin, stdout, begin };
}

/** The whole run, and its verdict: until next to nothing is done any more. */
async function untilIdle(): Promise<void> {
  for (let before = -1_000; spentMs() - before > 20; ) {
    before = spentMs();
    await pause(2_000);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function keys(print: Print): Promise<void> {
  const { stdin, stdout, begin } = await open(troubled(), 60_000);
  const ended = begin();
  await untilIdle();
  for (const [about, key] of [
    ['next event', 'j'],
    ['previous event', 'k'],
    ['node in focus', 'lh'],
    ['half a page back', '\u0015'],
  ] as const) {
    const taken: number[] = [];
    for (let nth = 0; nth < 60; nth++) {
      await pause(60);
      taken.push(await stdout.shownAfter(() => stdin.emit('data', key[nth % key.length])));
    }
    print(`key to frame, 140×40: ${about.padEnd(17)} ${quantiles(taken)}  goal < 50`);
  }
  stdin.emit('data', 'q');
  await ended;
}

/** A million events: 25 nodes, 100 messages always under way. */
function storm(): Scenario {
  return scenarioOf({ protocol: pingStorm, nodes: 25, duration: '60s', recovery: '0s' });
}

async function firstScreen(print: Print): Promise<void> {
  const { stdin, stdout, begin } = await open(storm(), undefined);
  let ended: Promise<unknown> | undefined;
  const first = await stdout.shownAfter(() => {
    ended = begin();
  });
  await untilIdle();
  const peak = process.resourceUsage().maxRSS / 1_024;
  print(`a million events: first screen after ${first.toFixed(0)} ms  goal < 1,500`);
  const taken = await stdout.shownAfter(() => stdin.emit('data', '1000000G'));
  print(`to its last event ${taken.toFixed(0)} ms; peak ${peak.toFixed(0)} MiB  goal < 600`);
  stdin.emit('data', 'q');
  await ended;
}
