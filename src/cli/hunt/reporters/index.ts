// The registry of reporters, by vitest's names.
import type { Reporter } from '../reporter.js';
import { blob } from './blob.js';
import { human } from './default.js';
import { github } from './github.js';
import { json } from './json.js';
import { junit } from './junit.js';
import { ndjson } from './ndjson.js';

export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [human, json, ndjson, junit, github, blob].map((reporter) => [reporter.name, reporter]),
);
