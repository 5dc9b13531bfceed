// Maelstrom's figures of flooding (doc/03-broadcast) by `broadcast/flood`.
import { type Figures, figuresOf } from '../../support/broadcast-figures.js';
import { mean, type Row, seedsFor } from './row.js';

const published: readonly (readonly [topology: string, Readonly<Partial<Figures>>])[] = [
  ['grid', { perOp: 27.81, medianMs: 452, p95Ms: 656, maxMs: 791 }],
  ['tree4', { perOp: 11.99, medianMs: 386, p95Ms: 489, maxMs: 505 }],
  ['line', { perOp: 12.01 }],
  ['total', { perOp: 290.6, p95Ms: 95, maxMs: 97 }],
];

const measures: readonly (readonly [keyof Figures, string, string])[] = [
  ['perOp', 'messages an operation', '6 %'],
  ['medianMs', 'median, ms', '8 %'],
  ['p95Ms', '95 %, ms', '8 %'],
  ['maxMs', 'maximum, ms', '6 %'],
];

export function* rows(): Generator<Row> {
  const seeds = seedsFor('maelstrom', 3);
  for (const [topology, figures] of published) {
    const runs = seeds.map((seed) => figuresOf('broadcast/flood', topology, {}, seed));
    for (const [measure, name, allowed] of measures) {
      const figure = figures[measure];
      if (figure === undefined) continue;
      const here = mean(runs.map((run) => run[measure]));
      const row = { published: figure, here, allowed, seeds: seeds.length };
      yield { name: `flood over ${topology}: ${name}`, ...row };
    }
  }
}
