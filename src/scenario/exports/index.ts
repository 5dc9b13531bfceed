// The registry of exports, by the name that `--format` takes.
import type { Export } from './export.js';
import { html } from './html.js';
import { mermaid } from './mermaid.js';
import { perfetto } from './perfetto.js';
import { shiviz } from './shiviz.js';
import { svg } from './svg.js';

export const exports: ReadonlyMap<string, Export> = new Map([
  ['html', html],
  ['svg', svg],
  ['perfetto', perfetto],
  ['shiviz', shiviz],
  ['mermaid', mermaid],
]);
