// Demers et al. 1987, tables 2 and 3: residue s, traffic m, and the cycles until nodes hear the
// rumour, on average and at last. The paper's average in table 2 is taken differently and left out;
// so is table 1, which counts within a cycle what a node here learns at its end.
import { type Epidemic, epidemic } from '../../support/epidemic.js';
import { mean, type Row, seedsFor } from './row.js';

type Figures = readonly [residue: number, traffic: number, average: number, last: number];

interface Table {
  readonly name: string;
  readonly options: Parameters<typeof epidemic>[0];
  readonly seeds: number;
  readonly rows: readonly (readonly [k: number, figures: Figures])[];
}

const none = Number.NaN;

const tables: readonly Table[] = [
  {
    name: 'table 2, push, blind, coin',
    options: { direction: 'push', feedback: false, interest: 'coin' },
    seeds: 32,
    rows: [
      [1, [0.96, 0.04, none, 38]],
      [2, [0.2, 1.6, none, 33]],
      [3, [0.06, 2.8, none, 32]],
      [4, [0.021, 3.9, none, 32]],
      [5, [0.008, 4.9, none, 32]],
    ],
  },
  {
    name: 'table 3, pull, feedback, counter',
    options: { direction: 'pull', feedback: true, interest: 'counter' },
    seeds: 8,
    rows: [
      [1, [0.031, 2.7, 9.97, 17.6]],
      [2, [0.000_58, 4.5, 10.07, 15.4]],
      [3, [0.000_004, 6.1, 10.08, 14]],
    ],
  },
];

const measures: readonly (readonly [string, (run: Epidemic) => number, string])[] = [
  ['residue', (run) => run.residue, ''],
  ['traffic', (run) => run.traffic, '8 %'],
  ['average', (run) => run.averageCycles, '5 %'],
  ['last', (run) => run.lastCycles, '15 %'],
];

/** Few nodes are left out where k is large: one more or less is much. */
function residueApart(published: number): string {
  if (published >= 0.05) return '0.006';
  return published >= 0.01 ? '0.004' : published >= 0.001 ? '0.002' : '0.001';
}

export function* rows(): Generator<Row> {
  for (const { name, options, seeds, rows: published } of tables) {
    for (const [k, figures] of published) {
      const runs = seedsFor(name, seeds).map((seed) => epidemic({ ...options, k }, seed));
      for (const [index, [measure, of, allowed]] of measures.entries()) {
        const figure = figures[index] ?? none;
        if (Number.isNaN(figure)) continue;
        const apart = measure === 'residue' ? residueApart(figure) : allowed;
        const here = mean(runs.map(of));
        yield {
          name: `${name}, k = ${k}: ${measure}`,
          published: figure,
          here,
          allowed: apart,
          seeds,
        };
      }
    }
  }
}
