// Models as users write them, plain objects and a step, without a word on what actions mean: how
// long histories take beside Porcupine, which knows no more of a model either. Its figures are of
// histories of the same families, or of the same files where these lie beside the checkout,
// measured on the machine where the goal was set; ours, processor time of the best of several
// rounds, is given beside them as it is, and as it would be there.
// `npm run bench -- user-models`
import { checkOperations, defaultBounds } from '../../src/checkers/linearizable/check.js';
import type { Action, Model } from '../../src/checkers/linearizable/model.js';
import type { Operation } from '../../src/checkers/linearizable/operation.js';
import { historyOf, modelOf } from '../checkers/linearizable/families.js';
import { families } from '../checkers/linearizable/family-list.js';
import { sharedHistories, sharedHistory } from '../checkers/linearizable/shared-histories.js';
import { BareHeap, bareStorm, Xorshift } from './bare-heap.js';
import { median, nsOf } from './measure.js';

type Print = (line: string) => void;

/** Milliseconds that Porcupine takes, by family. */
const porcupineMs: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ A01: 0.2, A02: 61.1, A03: 1_775.4, A06: 1_705.3, A07: 3_438.2, A08: 375.6 }),
  ...Object.entries({ A10: 16_714.1, A11: 260.3, A12: 127.1, A13: 23_633.6 }),
  ...Object.entries({ B01: 0.1, B02: 1.5, B03: 13.1, B04: 691.6, B06: 1_210.9, B07: 1.5, B08: 6 }),
  ...Object.entries({ B09: 38.9, B10: 1.4, B11: 1.8, B12: 324.3, B13: 10.8, B15: 1_255.6 }),
  ...Object.entries({ C01: 1.3, C02: 232.3, C03: 216.6, C04: 158, C05: 1_540, C06: 5_799 }),
  ...Object.entries({ C08: 162.3, E01: 11.5, E02: 853.9, E06: 6_750.4, E08: 1_048.7, E13: 41 }),
  ...Object.entries({ E14: 282.4, F01: 124.5, F02: 163, F03: 231.4, F04: 1_695.7, F05: 1_469.4 }),
  ['F06', 14.5],
]);

/** A register, or one for each key, as somebody writes it who wants to be done. */
function userModel(init: unknown): Model<{ readonly value: unknown }> {
  return {
    name: 'user-register',
    about: 'A value that is read, written, appended to, and compared and set.',
    init: { value: init },
    step(state, { f, input, output, known }: Action) {
      if (f === 'read' || f === 'get') {
        return !known || state.value === output ? state : undefined;
      }
      if (f === 'write' || f === 'put') return { value: input };
      if (f === 'append') return { value: `${state.value}${input}` };
      const [from, to] = input as readonly [unknown, unknown];
      const found = state.value === from;
      if (known && found !== output) return undefined;
      return found ? { value: to } : state;
    },
  };
}

/** Rounds end after so long, and so many: what takes a second is measured once. */
const enoughMs = 1_000;
const roundsMax = 40;

/** One line for each history, and the median of all ratios. */
export function userModels(print: Print): void {
  const scale = scaleNow();
  for (const family of families.slice(0, 2)) {
    const [operations, { init }] = [historyOf(family, 2), modelOf(family)];
    for (let round = 0; round < 20; round++) checkOperations(operations, userModel(init) as Model);
  }
  const ratios: number[] = [];
  const show = (name: string, operations: readonly Operation[], init: unknown): void => {
    const theirs = porcupineMs.get(name.slice(0, 3));
    if (theirs === undefined) return;
    const { ms, verdict } = measured(operations, userModel(init) as Model);
    const ratio = theirs / (ms * scale);
    ratios.push(verdict === 'unknown' ? 0 : ratio);
    const own = `${ms.toFixed(2)} ms, there ${(ms * scale).toFixed(2)}`;
    const shown = `Porcupine ${theirs} ms, ${ratio.toFixed(2)}× ${verdict}`;
    print(`${name.padEnd(32)} ${own.padEnd(30)} ${shown}`);
  };
  for (const name of sharedHistories) {
    const [{ init }, operations] = sharedHistory(name);
    show(name, operations, init);
  }
  for (const family of families) show(family.name, historyOf(family, 1), modelOf(family).init);
  print(`median ${median(ratios).toFixed(2)}× (goal ≥ 2×) of ${ratios.length} histories`);
}

/** How much faster the machine was where the goal was set: a heap event took 167 ns. */
function scaleNow(): number {
  const heap = new BareHeap(4_001);
  const random = new Xorshift();
  const storm = (): number => {
    bareStorm(1_000, 500_000, heap, random);
    return 500_000;
  };
  const rounds = Array.from({ length: 5 }, () => nsOf(storm));
  return 1e9 / 6_000_000 / Math.min(...rounds);
}

function measured(operations: readonly Operation[], model: Model) {
  let [ms, all, verdict] = [Number.POSITIVE_INFINITY, 0, ''];
  for (let round = 0; round < roundsMax && all < enoughMs; round++) {
    const own = nsOf(() => {
      ({ verdict } = checkOperations(operations, model, defaultBounds));
      return 1e6; // So that it comes in milliseconds.
    }, false);
    ms = Math.min(ms, own);
    all += own;
  }
  return { ms, verdict };
}
