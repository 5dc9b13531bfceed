// The code of vertices. It is a text in a small language, so that it can lie on nodes (ModFunArg:
// `module`) or travel in a package (FileMod, FunArg), be hashed, and be run without side effects.
// A vertex runs only what has the hash that its specification names (M11).
//
//   add 3; mul 2; twice        applied to a value from left to right; `twice` copies it

/** How a specification names code: what hash it has, and whether nodes have it already. */
export interface CodeRef {
  readonly kind: 'module' | 'package';
  /** By which name nodes know it; packages go by their hash. */
  readonly name: string;
  readonly hash: string;
}

/** Steps of one piece of code. */
const stepsMax = 64;

/** The values that a piece of code makes of one. What it does not understand it leaves out. */
export function run(text: string, value: number): readonly number[] {
  let values: readonly number[] = [value];
  for (const step of text.split(';', stepsMax)) {
    const [verb, operand] = step.trim().split(' ');
    const amount = Number(operand ?? 0);
    if (verb === 'add') values = values.map((each) => each + amount);
    else if (verb === 'mul') values = values.map((each) => each * amount);
    else if (verb === 'twice') values = values.flatMap((each) => [each, each]);
  }
  return values;
}

/** 8 hexadecimal digits. Source: Fowler, Noll & Vo, FNV-1a. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** What is deployed on every node when it starts, by module, and what an upgrade puts there. */
export const deployed: ReadonlyMap<string, { readonly old: string; readonly next: string }> =
  new Map([
    ['double', { old: 'mul 2', next: 'mul 2; add 1000' }],
    ['shift', { old: 'add 1', next: 'add 1; add 1000' }],
    ['copy', { old: 'twice', next: 'twice; add 1000' }],
  ]);

/** Characters of a package in one chunk. */
const chunkSize = 8;

export function chunksOf(text: string): readonly string[] {
  const count = Math.max(1, Math.ceil(text.length / chunkSize));
  return Array.from({ length: count }, (_, at) => text.slice(at * chunkSize, (at + 1) * chunkSize));
}
