// Histories with known verdicts that may lie beside the checkout, or where
// STORMGLASS_HISTORIES says. Their README describes the format.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import { never, type Operation } from '../../../src/checkers/linearizable/operation.js';

const folder =
  process.env.STORMGLASS_HISTORIES ??
  fileURLToPath(new URL('../../../../shared/histories/', import.meta.url));

/** The names of the histories that are there; none where the folder is not. */
export const sharedHistories: readonly string[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
  : [];

/** What the README says of each, by the file's name without its ending. */
export function knownVerdicts(): ReadonlyMap<string, boolean> {
  const rows = readFileSync(`${folder}/README.md`, 'utf8').matchAll(
    /^\| (\S+) \| \d+ \| (not )?linearizable /gm,
  );
  return new Map([...rows].map(([, name, not]) => [name as string, not === undefined]));
}

interface Line {
  readonly client: number;
  readonly f: string;
  readonly key: string;
  readonly in?: unknown;
  readonly out?: unknown;
  readonly call: number;
  readonly ret: number | null;
  readonly type: 'ok' | 'info' | 'fail';
}

/** The operations of a history, and the model that it names. */
export function sharedHistory(name: string): readonly [Model, readonly Operation[]] {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const operations = (lines as Line[]).flatMap((line): Operation[] => {
    const { client, f, key, in: input, out: output, call, ret, type } = line;
    if (type === 'fail') return [];
    const done = type === 'info' || ret === null ? never : ret;
    return [{ client, f, key, input, output, call, return: done }];
  });
  const model = models.get(header.model) as Model;
  return [{ ...model, init: header.init }, operations];
}
