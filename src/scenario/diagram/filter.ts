// Which rows are looked for: words that the row says, and fields: `node=n2 kind=lost retry`.
import type { Row } from './row.js';

type RowFilter = (row: Row) => boolean;

/** Fields that a filter may name. */
const filterFields: readonly string[] = ['node', 'kind', 'type', 'src', 'dest', 'op'];

/**
 * A filter from its text: every word must be met; `!` before a word: must not. `field=value` asks
 * for the field, all else for a part of what the row says, in any case of letters.
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
  if (value !== undefined && filterFields.includes(field)) {
    return (row) => valuesOf(row, field).includes(value);
  }
  const wanted = word.toLowerCase();
  return (row) => `${row.label}  ${row.detail}`.toLowerCase().includes(wanted);
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
