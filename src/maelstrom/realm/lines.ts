// Lines of a program's output: cut from what it writes in pieces, and read as messages. What is no
// message is described, so that a report can name the line.
import type { Body, NodeId } from '../../node/message.js';

/** Gathers text until a line is whole. */
export class LineBuffer {
  readonly #take: (line: string) => void;
  #begun = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const all = this.#begun === '' ? text : this.#begun + text;
    let from = 0;
    for (let at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', from)) {
      this.#take(all.slice(from, all[at - 1] === '\r' ? at - 1 : at));
      from = at + 1;
    }
    this.#begun = from === 0 ? all : all.slice(from);
  }
}

/** A message as a program printed it. */
interface Printed {
  readonly src: unknown;
  readonly dest: NodeId;
  readonly body: Body;
}

/** The message in a line, or what is wrong with it. */
export function readMessage(line: string): Printed | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { wrong: 'it is no JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { wrong: 'it is no JSON object' };
  }
  const { src, dest, body = {} } = value as { src?: unknown; dest?: unknown; body?: unknown };
  if (typeof dest !== 'string') return { wrong: 'its "dest" is no string' };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { wrong: 'its "body" is no object' };
  }
  if (typeof (body as Body).type !== 'string') return { wrong: 'its body has no "type"' };
  return { src, dest, body: body as Body };
}

/** A line as a report shows it. */
export function shortened(line: string): string {
  return line.length <= 200 ? line : `${line.slice(0, 200)}… (${line.length} characters)`;
}
