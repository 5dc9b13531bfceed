// A building block: the nodes of a coordination service, sessions' watches on them, and what each
// change does to both. A watch is told of once, and only of the first change since it was set.
import type { Plain } from '../../kernel/plain.js';
import { refusals, type SessionId, type Stat, type WatchEvent } from './requests.js';

interface Znode {
  value: Plain;
  readonly czxid: number;
  mzxid: number;
  version: number;
  /** The session with which it goes; `undefined`: it stays. */
  readonly owner: SessionId | undefined;
}

export interface Tree {
  /** The number of the last change. */
  zxid: number;
  readonly nodes: Map<string, Znode>;
  /** By path who wants to hear of the node; of its children. */
  readonly dataWatches: Map<string, Set<SessionId>>;
  readonly childWatches: Map<string, Set<SessionId>>;
  /** By path the values that a node has had. */
  readonly past: Map<string, Plain[]>;
}

/** A change, as it is written down. */
export type Change =
  | {
      readonly do: 'create';
      readonly session: SessionId;
      readonly path: string;
      readonly value: Plain;
      readonly ephemeral: boolean;
    }
  | {
      readonly do: 'set';
      readonly path: string;
      readonly value: Plain;
      readonly version: number;
    }
  | { readonly do: 'remove'; readonly path: string; readonly version: number };

/** Somebody's watch has seen something. */
export type Tell = (session: SessionId, event: Omit<WatchEvent, 'number'>) => void;

/** How a change went: a stat, or a code and why. */
export type Outcome =
  | { readonly ok: true; readonly stat?: Stat }
  | { readonly ok: false; readonly code: number; readonly text: string };

export function emptyTree(): Tree {
  return {
    zxid: 0,
    ...{ nodes: new Map(), past: new Map() },
    ...{ dataWatches: new Map(), childWatches: new Map() },
  };
}

export function statOf({ czxid, mzxid, version, owner }: Znode): Stat {
  return { czxid, mzxid, version, ...(owner !== undefined && { owner }) };
}

export function change(tree: Tree, wanted: Change, tell: Tell): Outcome {
  const { path } = wanted;
  const found = tree.nodes.get(path);
  if (wanted.do === 'create') {
    if (found === undefined) return create(tree, wanted, tell);
    return { ok: false, code: refusals.exists, text: `${path} exists` };
  }
  if (found === undefined) {
    return { ok: false, code: refusals.missing, text: `there is no ${path}` };
  }
  if (wanted.version >= 0 && wanted.version !== found.version) {
    const text = `the version of ${path} is ${found.version}, not ${wanted.version}`;
    return { ok: false, code: refusals.version, text };
  }
  if (wanted.do === 'remove') return remove(tree, path, tell);
  found.value = wanted.value;
  found.version += 1;
  found.mzxid = ++tree.zxid;
  remember(tree, path, wanted.value);
  fire(tree.dataWatches, path, { path, change: 'changed' }, tell);
  return { ok: true, stat: statOf(found) };
}

function create(
  tree: Tree,
  { session, path, value, ephemeral }: Extract<Change, { do: 'create' }>,
  tell: Tell,
): Outcome {
  const zxid = ++tree.zxid;
  const owner = ephemeral ? session : undefined;
  const node: Znode = { value, czxid: zxid, mzxid: zxid, version: 0, owner };
  tree.nodes.set(path, node);
  remember(tree, path, value);
  fire(tree.dataWatches, path, { path, change: 'created' }, tell);
  fireParent(tree, path, tell);
  return { ok: true, stat: statOf(node) };
}

function remove(tree: Tree, path: string, tell: Tell): Outcome {
  tree.zxid++;
  tree.nodes.delete(path);
  fire(tree.dataWatches, path, { path, change: 'removed' }, tell);
  fireParent(tree, path, tell);
  return { ok: true };
}

/** A session has ended: so have its nodes and its watches. */
export function endSession(tree: Tree, session: SessionId, tell: Tell): void {
  for (const watches of [tree.dataWatches, tree.childWatches]) {
    for (const sessions of watches.values()) sessions.delete(session);
  }
  for (const [path, { owner }] of [...tree.nodes]) if (owner === session) remove(tree, path, tell);
}

export function watch(
  watches: Map<string, Set<SessionId>>,
  path: string,
  session: SessionId,
): void {
  const sessions = watches.get(path) ?? new Set();
  sessions.add(session);
  watches.set(path, sessions);
}

/** The nodes right below a path, by name, in the order in which they were created. */
export function childrenOf({ nodes }: Tree, path: string): readonly (readonly [string, Znode])[] {
  const prefix = `${path}/`;
  return [...nodes].flatMap(([child, node]) => {
    const name = child.startsWith(prefix) ? child.slice(prefix.length) : '';
    return name === '' || name.includes('/') ? [] : [[name, node] as const];
  });
}

function remember({ past }: Tree, path: string, value: Plain): void {
  const values = past.get(path) ?? [];
  values.push(value);
  past.set(path, values);
}

function fireParent(tree: Tree, path: string, tell: Tell): void {
  const parent = path.slice(0, path.lastIndexOf('/'));
  fire(tree.childWatches, parent, { path: parent, change: 'children' }, tell);
}

function fire(
  watches: Map<string, Set<SessionId>>,
  path: string,
  event: Omit<WatchEvent, 'number'>,
  tell: Tell,
): void {
  const sessions = watches.get(path);
  if (sessions === undefined) return;
  watches.delete(path);
  for (const session of sessions) tell(session, event);
}
