// Whatever is typed: nothing throws, and the screen is as wide and as high as the terminal.
import { expect, it } from 'vitest';
import { stream } from '../../src/kernel/random.js';
import { widthOf } from '../../src/scenario/diagram/span.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { keyTable } from '../../src/tui/keys.js';
import { press, pressHeld } from '../../src/tui/press.js';
import { drawScreen } from '../../src/tui/screen.js';
import { Stepper } from '../../src/tui/stepper.js';
import { brokenBroadcast } from '../support/tracks.js';

const sizes = [
  [80, 24],
  [140, 40],
  [60, 15],
  [40, 10],
  [39, 9],
  [120, 30],
] as const;

/** Suspending, quitting and writing files are for other tests. */
const keys = [...keyTable.keys()].filter((key) => !['q', 'C-z', 's'].includes(key));
const texts = ['1', '0', 'x', 'A', 'enter', 'enter', 'esc', 'backspace', 'unknown', '漢', '\u0000'];

it.each([1, 2, 3, 4, 5, 6])('random keys, seed %i', (seed) => {
  const random = stream('random keys', String(seed));
  const scenario = scenarioOf(brokenBroadcast);
  const origin = { path: 'x.yaml', scenario, seed: '1', edits: [], command: 'stormglass' };
  const stepper = new Stepper(origin, undefined);
  for (let nth = 0; nth < 250; nth++) {
    const isFull = stepper.branches.length > 4 && stepper.mode.kind === 'menu';
    press(stepper, isFull ? 'esc' : random.pick([...keys, ...texts] as [string, ...string[]]));
    for (let slices = 0; slices < 20 && stepper.work(); slices++);
    pressHeld(stepper);
    const [columns, rows] = random.pick(sizes);
    const screen = drawScreen(stepper, columns, rows);
    expect(screen).toHaveLength(rows);
    expect(new Set(screen.map(widthOf))).toEqual(new Set([columns]));
    stepper.ended = undefined;
  }
});
