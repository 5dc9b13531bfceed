// A building block: what the three key-value services are asked and answer, and what a request does
// to the one value that it is about. Source: Maelstrom, service.clj and doc/services.md.
import { equal, type Plain } from '../../kernel/plain.js';
import type { Body, ErrorBody } from '../../node/message.js';

interface Read extends Body {
  readonly type: 'read';
  readonly key: Plain;
}

interface ReadOk extends Body {
  readonly type: 'read_ok';
  readonly value: Plain;
}

interface Write extends Body {
  readonly type: 'write';
  readonly key: Plain;
  readonly value: Plain;
}

interface WriteOk extends Body {
  readonly type: 'write_ok';
}

interface Cas extends Body {
  readonly type: 'cas';
  readonly key: Plain;
  readonly from: Plain;
  readonly to: Plain;
  readonly create_if_not_exists?: boolean;
}

interface CasOk extends Body {
  readonly type: 'cas_ok';
}

export type Request = Read | Write | Cas;
type Reply = ReadOk | WriteOk | CasOk | ErrorBody;
export type KvBodies = Request | Reply;

/** What a request comes to. */
interface Outcome {
  readonly reply: Reply;
  /** The value to be stored, if that changes anything. */
  readonly change?: { readonly value: Plain };
}

/** A value that was stored. */
export interface Found {
  readonly value: Plain;
}

/** Applies a request to what is stored under its key. Values compare by content. */
export function perform(request: Request, found: Found | undefined): Outcome {
  const flaw = flawOf(request);
  if (flaw !== undefined) return { reply: { type: 'error', code: 12, text: flaw } };
  switch (request.type) {
    case 'read':
      if (found === undefined) return missing(request);
      return { reply: { type: 'read_ok', value: found.value } };
    case 'write':
      return { reply: { type: 'write_ok' }, ...changeOf(found, request.value) };
    case 'cas':
      return performCas(request, found);
  }
}

function performCas(request: Cas, found: Found | undefined): Outcome {
  const { from, to } = request;
  if (found === undefined && request.create_if_not_exists !== true) return missing(request);
  if (found !== undefined && !equal(found.value, from)) {
    const [current, wanted] = [found.value, from].map((value) => JSON.stringify(value));
    const text = `current value ${current} is not ${wanted}`;
    return { reply: { type: 'error', code: 22, text } };
  }
  return { reply: { type: 'cas_ok' }, ...changeOf(found, to) };
}

function changeOf(found: Found | undefined, value: Plain): Pick<Outcome, 'change'> {
  if (found !== undefined && equal(found.value, value)) return {};
  return { change: { value } };
}

function missing({ key }: Request): Outcome {
  return { reply: { type: 'error', code: 20, text: `key ${JSON.stringify(key)} does not exist` } };
}

/** Which field a request lacks. */
function flawOf(request: Request): string | undefined {
  const fields = { read: ['key'], write: ['key', 'value'], cas: ['key', 'from', 'to'] } as const;
  const lacking = fields[request.type].filter((name) => !Object.hasOwn(request, name));
  return lacking.length === 0 ? undefined : `${request.type} lacks ${lacking.join(', ')}`;
}

/** What stands for a key in a Map: 1 is not "1"; lists and maps go by their text. */
export function slotOf(key: Plain): Plain {
  if (typeof key === 'string') return `"${key}`;
  return typeof key === 'object' && key !== null ? JSON.stringify(key) : key;
}
