// A building block: what a coordination service is asked and answers.
import type { Plain } from '../../kernel/plain.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, ErrorBody } from '../../node/message.js';

export type SessionId = number;

/** Opens a session. Whoever asks again with the same token gets the same session. */
interface Connect extends Body {
  readonly type: 'connect';
  readonly token: string;
  /** The session ends when nothing is heard of it for so long. */
  readonly timeoutUs: Micros;
}

interface ConnectOk extends Body {
  readonly type: 'connect_ok';
  readonly session: SessionId;
  readonly life: number;
}

/** What every request of a session says. */
interface OfSession extends Body {
  readonly session: SessionId;
  /** The events that the client has seen, up to this number. */
  readonly seen: number;
}

interface Ping extends OfSession {
  readonly type: 'ping';
}

export interface Create extends OfSession {
  readonly type: 'create';
  readonly path: string;
  readonly value: Plain;
  readonly ephemeral: boolean;
}

export interface SetValue extends OfSession {
  readonly type: 'set';
  readonly path: string;
  readonly value: Plain;
  /** The version that it must have now; −1: any. */
  readonly version: number;
}

export interface Remove extends OfSession {
  readonly type: 'remove';
  readonly path: string;
  readonly version: number;
}

/** A watch that is set on a node that is not there is none: ask whether it exists. */
export interface Look extends OfSession {
  readonly type: 'look' | 'exists' | 'children';
  readonly path: string;
  readonly watch: boolean;
}

export interface Close extends OfSession {
  readonly type: 'close';
}

/** All values that a node has had, for whoever judges the run. Needs no session. */
interface Past extends Body {
  readonly type: 'past';
  readonly path: string;
}

interface PastOk extends Body {
  readonly type: 'past_ok';
  readonly values: readonly Plain[];
}

/** A change that a watch was set on. The value is not told: it may have changed again. */
export interface WatchEvent {
  readonly number: number;
  readonly path: string;
  readonly change: 'created' | 'changed' | 'removed' | 'children';
}

/** What every answer to a session says. */
interface ToSession extends Body {
  /** Events that the client may not have seen. They come before what the answer says. */
  readonly events: readonly WatchEvent[];
  /** Another life of the service knows of no watches. */
  readonly life: number;
}

interface PingOk extends ToSession {
  readonly type: 'ping_ok';
}

/** What there is to know of a node beside its value. */
export interface Stat {
  /** The number of the change that created it, the last one, how often it was set. */
  readonly czxid: number;
  readonly mzxid: number;
  readonly version: number;
  /** The session with which it ends (ZooKeeper's ephemeralOwner); missing: it stays. */
  readonly owner?: number;
}

interface ChangeOk extends ToSession {
  readonly type: 'create_ok' | 'set_ok' | 'remove_ok' | 'close_ok';
  readonly stat?: Stat;
}

interface LookOk extends ToSession {
  readonly type: 'look_ok' | 'exists_ok';
  readonly value?: Plain;
  /** Missing: there is no such node (`exists` only). */
  readonly stat?: Stat;
}

interface Child {
  readonly name: string;
  readonly value: Plain;
  readonly stat: Stat;
}

interface ChildrenOk extends ToSession {
  readonly type: 'children_ok';
  readonly children: readonly Child[];
}

/** Events are told as soon as they happen, and again until they are seen. */
interface Notify extends ToSession {
  readonly type: 'notify';
  readonly session: SessionId;
}

interface Refusal extends ErrorBody {
  readonly events?: readonly WatchEvent[];
  readonly life?: number;
}

export type Request = Ping | Create | SetValue | Remove | Look | Close;
type Reply = PingOk | ChangeOk | LookOk | ChildrenOk | Refusal;
export type CoordinationBodies = Connect | ConnectOk | Request | Reply | Notify | Past | PastOk;

/** The codes of refusals. */
export const refusals = { expired: 14, missing: 20, exists: 21, version: 22 } as const;
