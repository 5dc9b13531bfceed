// Bytes from a terminal as names of keys. They come in chunks: fast typing, a held arrow or a paste
// bring several keys at once.

const escapeChar = '\u001b';

const sequences: ReadonlyMap<string, string> = new Map([
  ['[A', 'up'],
  ['[B', 'down'],
  ['[C', 'right'],
  ['[D', 'left'],
  ['OA', 'up'],
  ['OB', 'down'],
  ['OC', 'right'],
  ['OD', 'left'],
  ['[H', 'home'],
  ['[F', 'end'],
  ['OH', 'home'],
  ['OF', 'end'],
  ['[1~', 'home'],
  ['[4~', 'end'],
  ['[7~', 'home'],
  ['[8~', 'end'],
  ['[5~', 'pageup'],
  ['[6~', 'pagedown'],
  ['[3~', 'delete'],
  ['[Z', 'S-tab'],
]);

const controls: ReadonlyMap<string, string> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\b', 'backspace'],
  ['\u007f', 'backspace'],
  [' ', 'space'],
]);

/** The keys of a chunk; sequences that nobody knows are `unknown`, once each. */
export function decodeKeys(chunk: string): readonly string[] {
  const keys: string[] = [];
  for (let at = 0; at < chunk.length; ) {
    const rest = chunk.slice(at);
    const isSequence = rest.startsWith(escapeChar) && rest.length > 1;
    const sequence = isSequence
      ? /^(\[[0-9;?]*[ -/]*[@-~]|O.)/.exec(rest.slice(1))?.[1]
      : undefined;
    if (sequence !== undefined) {
      keys.push(sequences.get(sequence) ?? 'unknown');
      at += sequence.length + 1;
      continue;
    }
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    keys.push(nameOf(char));
    at += char.length;
  }
  return keys;
}

function nameOf(char: string): string {
  const known = controls.get(char);
  if (known !== undefined) return known;
  if (char === escapeChar) return 'esc';
  if (char < ' ') return `C-${String.fromCharCode(char.charCodeAt(0) + 96)}`;
  return char.length === 1 ? char : 'unknown';
}
