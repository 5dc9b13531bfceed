// Text in lines and columns, for reports. Widths are those of characters without colours.

/**
 * Breaks a text into lines of at most `width` characters, at spaces where possible. Lines that it
 * has already stay lines, indented as they are.
 */
export function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((given) => {
    const [indent = ''] = /^\s*/.exec(given) ?? [];
    const lines = wrappedLine(given.slice(indent.length), Math.max(1, width - indent.length));
    return lines.map((line) => (line === '' ? '' : indent + line));
  });
}

function wrappedLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** A cell: its text, and how to colour it once it has its width. */
export interface Cell {
  readonly text: string;
  readonly color?: ((text: string) => string) | undefined;
  readonly align?: 'right';
}

/** Rows with columns that line up, two spaces apart; the last column is as long as it is. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach(({ text }, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    });
  }
  return rows.map((row) => {
    const cells = row.map(({ text, color, align }, column) => {
      const width = widths[column] ?? 0;
      const isLast = column === row.length - 1;
      const padded = align === 'right' ? text.padStart(width) : isLast ? text : text.padEnd(width);
      return color === undefined ? padded : color(padded);
    });
    return cells.join('  ').trimEnd();
  });
}

/** `12,345`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
