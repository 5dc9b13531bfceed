// What follows when an owner has written something or a seed has accepted something: entries are
// committed in order, and only then have effects.

import { type Entry, read, rootId } from './log.js';
import { apply } from './machine.js';
import { committedLength, replicate } from './replication.js';
import { emit } from './sinks.js';
import { acknowledge, closing } from './sources.js';
import type { Env, Ownership } from './state.js';
import { grant, offer } from './units.js';

/** Brings an owner as far as it can get without anybody else. */
export function advance(env: Env, own: Ownership): void {
  if (env.state.owns.get(own.topo) !== own) return;
  const length = committedLength(env, own);
  for (; own.commit < length; own.commit++) {
    const line = own.log[own.commit];
    if (line !== undefined) take(env, own, read(line));
  }
  replicate(env, own);
  grant(env, own);
  emit(env, own);
}

/** The effects of a committed entry. */
function take(env: Env, own: Ownership, entry: Entry): void {
  const made = apply(own.settled, own.graph, entry);
  if (own.graph.spec.ack) offer(own, made);
  if (entry.kind === 'accept') acknowledge(env, own, rootId(entry.stream, entry.seq));
  else if (entry.kind === 'close') acknowledge(env, own, closing);
  else if (entry.kind === 'config') {
    const before = own.configs.flatMap(({ seeds }) => seeds);
    own.configs = own.configs.filter(({ version }) => version >= entry.version);
    for (const seed of before) {
      if (!own.configs.some(({ seeds }) => seeds.includes(seed))) {
        own.dropping.set(seed, entry.version);
      }
    }
  }
}
