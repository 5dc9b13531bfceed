// A JSON line for each kind of finding as soon as there is one, and one for the end.
import type { Reporter } from '../reporter.js';
import { documentOf } from './json.js';

export const ndjson: Reporter = {
  name: 'ndjson',
  about: 'A JSON line for each kind of finding when it comes up, and one for the end.',
  found: (finding, prey, page) => {
    page.write(`${JSON.stringify({ type: 'finding', ...prey, ...finding })}\n`);
  },
  ended: (report, page) => {
    const { type: _type, ...document } = documentOf(report, page.repeating);
    page.write(`${JSON.stringify({ type: 'end', ...document })}\n`);
  },
};
