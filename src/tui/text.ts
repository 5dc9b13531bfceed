// Text in lines of a width.

/** Broken at spaces; a word longer than a line is cut. */
export function wrappedText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word.slice(0, width);
  }
  return [...lines, line];
}
