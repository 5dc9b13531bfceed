// Which operations a replica has seen: a version vector, and a cloud of those that came before
// their predecessors. It never needs more entries than there are actors, but for the cloud, which
// empties as gaps close. Almeida, Shoker & Baquero 2018, §7.2.

/** `actor:n`. */
export type DotName = string;

export interface Context {
  /** All operations of an actor up to this one. */
  readonly upTo: ReadonlyMap<string, number>;
  readonly cloud: ReadonlySet<DotName>;
}

export const noContext: Context = { upTo: new Map(), cloud: new Set() };

export const nameOf = (actor: string, n: number): DotName => `${actor}:${n}`;

export const contextOf = (dots: Iterable<DotName>): Context =>
  compact({ upTo: new Map(), cloud: new Set(dots) });

export function hasSeen({ upTo, cloud }: Context, dot: DotName): boolean {
  const { actor, n } = partsOf(dot);
  return n <= (upTo.get(actor) ?? 0) || cloud.has(dot);
}

export function unite(a: Context, b: Context): Context {
  const upTo = new Map(a.upTo);
  for (const [actor, n] of b.upTo) upTo.set(actor, Math.max(n, upTo.get(actor) ?? 0));
  return compact({ upTo, cloud: new Set([...a.cloud, ...b.cloud]) });
}

/** Moves into the vector what follows on it. */
function compact({ upTo, cloud }: Context): Context {
  const vector = new Map(upTo);
  const dots = [...cloud].map(partsOf).sort((a, b) => a.n - b.n || (a.actor < b.actor ? -1 : 1));
  const rest = new Set<DotName>();
  for (const { actor, n } of dots) {
    const known = vector.get(actor) ?? 0;
    if (n === known + 1) vector.set(actor, n);
    else if (n > known) rest.add(nameOf(actor, n));
  }
  return { upTo: vector, cloud: rest };
}

function partsOf(dot: DotName): { readonly actor: string; readonly n: number } {
  const colon = dot.lastIndexOf(':');
  return { actor: dot.slice(0, colon), n: Number(dot.slice(colon + 1)) };
}
