// The registry of formats of histories: a new one is one file and one line here.
import { edn, kvLog } from './edn-history.js';
import { etcdLog } from './etcd-log.js';
import { intervals } from './intervals.js';
import { ndjson } from './ndjson.js';
import type { Format } from './recording.js';

/** In the order in which they are tried: a log with keys is EDN too. */
export const formats: readonly Format[] = [ndjson, intervals, etcdLog, kvLog, edn];

/** The format of that name, or known by it. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name || format.aliases.includes(name));
}

/** The format that a text seems to have by its first lines; undefined if none is known. */
export function formatOf(lines: string): Format | undefined {
  for (const line of lines.replace(/^\uFEFF/, '').split('\n', linesMax)) {
    if (line.trim() === '') continue;
    const format = formats.find(({ recognizes }) => recognizes(line));
    if (format !== undefined || !/^\s*[\w[]/.test(line)) return format;
  }
  return undefined;
}

/** Lines that are looked at: a log may begin with lines of others. */
const linesMax = 200;
