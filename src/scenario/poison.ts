// What a deterministic protocol must not look at, made to differ on purpose: clocks and chance of
// the world outside. While poisoned, `Date`, `Math.random` and their like answer differently to
// each of two worlds, always in the same way; and whoever defers work to the event loop is told on.
// This is the only place below the edges that knows these globals; it never lets their answers in.

/** Which of two worlds is asking. */
type Dose = 0 | 1;

export interface Poison {
  /** From now on this world is asking. */
  choose(dose: Dose): void;
  /** The function that deferred work since the last question, if one did: `setTimeout` … */
  deferred(): string | undefined;
}

/** Poisons the globals while `action` runs, and restores them whatever happens. */
export function poisoned<T>(action: (poison: Poison) => T): T {
  let dose: Dose = 0;
  let deferredBy: string | undefined;
  const counts: [number, number] = [0, 0];
  const next = (): number => counts[dose]++;
  const note = (name: string): void => {
    deferredBy ??= name;
  };
  const restores = [
    ...chanceOf(() => dose, next),
    ...clocksOf(() => dose, next),
    ...queuesOf(note),
  ];
  const depth = antidotes.push(restores);
  try {
    return action({
      choose: (chosen) => {
        dose = chosen;
      },
      deferred: () => {
        const name = deferredBy;
        deferredBy = undefined;
        return name;
      },
    });
  } finally {
    cure(depth - 1);
  }
}

/** What puts the globals back, one list a layer. */
const antidotes: (readonly Restore[])[] = [];

/**
 * Restores all that is poisoned, down to so many layers: for whoever has broken off `poisoned` in a
 * way that skips its `finally`.
 */
export function cure(layers = 0): void {
  while (antidotes.length > layers) for (const restore of antidotes.pop() ?? []) restore();
}

type Restore = () => void;

/** Puts `value` in the place of a property; returns what puts the old one back. */
function replace<O extends object>(owner: O | undefined, name: keyof O, value: unknown): Restore[] {
  const before = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (owner === undefined || before?.configurable === false) return [];
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  const restore = (): void => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
  return [restore];
}

/** A number in [0, 1) that differs between doses and draws. */
function fraction(dose: Dose, count: number): number {
  const bits = Math.imul((count + 1) * 2 + dose, 0x9e3779b1) >>> 0;
  return bits / 2 ** 32;
}

function chanceOf(dose: () => Dose, next: () => number): Restore[] {
  const byte = (): number => Math.floor(fraction(dose(), next()) * 256);
  const fill = <A extends ArrayBufferView>(array: A): A => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = byte();
    return array;
  };
  const uuid = (): string => {
    const hex = Array.from({ length: 32 }, () => (byte() % 16).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
  const { crypto } = globalThis;
  return [
    ...replace(Math, 'random', () => fraction(dose(), next())),
    ...replace(crypto, 'randomUUID', uuid),
    ...replace(crypto, 'getRandomValues', fill),
  ];
}

/** A moment in 2001, and one in 2033: every part of a date differs. */
const epochsMs = [1_000_000_000_123, 2_000_000_000_986] as const;
/** Below a millisecond they differ as well, in every digit. */
const fractionsUs = [257, 604] as const;

function clocksOf(dose: () => Dose, next: () => number): Restore[] {
  const nowMs = (): number => epochsMs[dose()] + next();
  const Original = globalThis.Date;
  class PoisonedDate extends Original {
    constructor(...args: unknown[]) {
      if (args.length === 0) super(nowMs());
      else super(...(args as [number]));
    }
    static override now(): number {
      return nowMs();
    }
  }
  Object.defineProperty(PoisonedDate, 'name', { value: 'Date' });
  const { performance, process } = globalThis;
  const nowNs = (): bigint => BigInt(nowMs()) * 1_000_000n + BigInt(fractionsUs[dose()]) * 1_001n;
  const hrtime = Object.assign(
    (): [number, number] => {
      const ns = nowNs();
      return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
    },
    { bigint: nowNs },
  );
  return [
    ...replace(globalThis, 'Date', PoisonedDate),
    ...replace(performance, 'now', () => nowMs() - epochsMs[0] + fractionsUs[dose()] / 1_000),
    ...replace(process, 'hrtime', hrtime),
    ...replace(process, 'uptime', () => nowMs() / 1_000),
  ];
}

const queueing = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'] as const;

/** Deferred work would run between two events, or never: it is noted and not done. */
function queuesOf(note: (name: string) => void): Restore[] {
  return queueing.flatMap((name) =>
    replace(globalThis, name, () => {
      note(name);
      return undefined;
    }),
  );
}
