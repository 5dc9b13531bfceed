// Which rows are looked for: words that the row says, and fields: `node=n2 kind=lost retry`.
import type { Row } from './row.js';

type RowFilter = (row: Row) => boolean;

/** Fields that a filter may name. */
const filterFields: readonly string[] = ['node', 'kind', 'type', 'src', 'dest', 'op'];

/**
 * A filter from its text: every word must be met; `!` before a word: must not. `field=value` asks
 * for the field, or for one of the message; `*` in a value stands for anything. All else asks for a
 * part of what the row says, in any case of letters.
 */
export function filterOf(text: string): RowFilter {
  const tests = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(testOf);
  return (row) => tests.every((test) => test(row));
}

function testOf(word: string): RowFilter {
  if (word.length > 1 && word.startsWith('!')) {
    const test = testOf(word.slice(1));
    return (row) => !test(row);
  }
  const [field = '', value] = word.split('=', 2);
  const fits = likeness(value ?? '');
  if (value !== undefined && filterFields.includes(field)) {
    return (row) => valuesOf(row, field).some(fits);
  }
  const wanted = word.toLowerCase();
  const says: RowFilter = (row) => `${row.label}  ${row.detail}`.toLowerCase().includes(wanted);
  return value === undefined ? says : (row) => says(row) || fieldsOf(row, field).some(fits);
}

/** Whether a text is like a pattern, in which `*` stands for anything. */
function likeness(pattern: string): (text: string) => boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(start)) return false;
    let at = start.length;
    for (const part of parts) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - end.length >= at && text.endsWith(end);
  };
}

/** What a message, a timer or an operation has in a field of its own. */
function fieldsOf({ step: { happening }, ops }: Row, field: string): readonly string[] {
  const records: readonly unknown[] = [
    'message' in happening ? happening.message.body : undefined,
    happening.kind === 'timer' ? happening.timer : undefined,
    ...ops,
  ];
  return records.flatMap((record) => {
    const value = (record as Readonly<Record<string, unknown>> | undefined)?.[field];
    return value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

function valuesOf({ step: { happening }, ops }: Row, field: string): readonly string[] {
  const message = 'message' in happening ? happening.message : undefined;
  switch (field) {
    case 'kind':
      return [happening.kind];
    case 'node':
      return [
        ...('node' in happening ? [happening.node] : []),
        ...(message === undefined ? [] : [message.src]),
        ...('fault' in happening && 'nodes' in happening.fault ? happening.fault.nodes : []),
      ];
    case 'type':
      if (happening.kind === 'timer') return [happening.timer.type];
      return message === undefined ? [] : [message.body.type];
    case 'src':
      return message === undefined ? [] : [message.src];
    case 'dest':
      return message === undefined ? [] : [message.dest];
    default:
      return ops.flatMap(({ f, type, process }) => [f, type, `c${process}`]);
  }
}
