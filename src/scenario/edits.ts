// Edits between their three forms: the engine's (sim/edit.ts), the scenario file's, and the short
// text of the command line, `drop 0123456789abcdef`.

import type { Plain } from '../kernel/plain.js';
import { formatDuration, parseDuration } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Edit } from '../sim/edit.js';
import { readFault, writeFault } from './faults.js';
import { durationOr } from './network.js';
import type { EditFile } from './schema.js';

/** The edit that a file describes; the schema has accepted it. */
export function readEdit(file: EditFile): Edit {
  switch (file.edit) {
    case 'delay':
      return { edit: 'delay', message: file.message, byUs: durationOr(file.by, 0) };
    case 'duplicate':
      return { edit: 'duplicate', message: file.message, afterUs: durationOr(file.after, 0) };
    case 'fault': {
      const forUs = file.for === undefined ? undefined : parseDuration(file.for);
      return { edit: 'fault', at: file.at, fault: readFault(file) as Fault, forUs };
    }
    case 'choose':
      return { ...file, value: file.value as Plain };
    case 'alter':
      return { ...file, body: file.body as Extract<Edit, { edit: 'alter' }>['body'] };
    default:
      return file;
  }
}

/** The inverse of `readEdit`. */
export function writeEdit(edit: Edit): EditFile {
  switch (edit.edit) {
    case 'delay':
      return { edit: 'delay', message: edit.message, by: formatDuration(edit.byUs) };
    case 'duplicate':
      return { edit: 'duplicate', message: edit.message, after: formatDuration(edit.afterUs) };
    case 'fault': {
      const lasts = edit.forUs === undefined ? {} : { for: formatDuration(edit.forUs) };
      return { edit: 'fault', at: edit.at, ...lasts, ...writeFault(edit.fault) } as EditFile;
    }
    case 'alter':
      return { ...edit, body: { ...edit.body } };
    default:
      return edit;
  }
}

/** The fields of each kind of edit in the order in which the short text names them. */
export const editWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['drop', ['message']],
  ['delay', ['message', 'by']],
  ['duplicate', ['message', 'after']],
  ['deliver', ['message']],
  ['deliver-before', ['message', 'event']],
  ['choose', ['at', 'choice', 'value']],
  ['omit-op', ['op']],
  ['omit-fault', ['fault']],
]);

/** The short text of an edit; `undefined` for one that has none (a fault, another body). */
export function editText(file: EditFile): string | undefined {
  const words = editWords.get(file.edit);
  if (words === undefined) return undefined;
  const fields = file as unknown as Readonly<Record<string, unknown>>;
  return [file.edit, ...words.map((word) => String(fields[word]))].join(' ');
}
