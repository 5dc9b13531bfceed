// What clients of the kafka workload and its protocols say to each other.
import type { Body } from '../../node/message.js';

/** By key. */
export type Offsets = Readonly<Record<string, number>>;
/** A message and where it lies. */
export type LogRecord = readonly [offset: number, message: unknown];

interface Send extends Body {
  readonly type: 'send';
  readonly key: string;
  readonly msg: unknown;
}

interface SendOk extends Body {
  readonly type: 'send_ok';
  readonly offset: number;
}

interface Poll extends Body {
  readonly type: 'poll';
  readonly offsets: Offsets;
}

interface PollOk extends Body {
  readonly type: 'poll_ok';
  readonly msgs: Readonly<Record<string, readonly LogRecord[]>>;
}

interface Commit extends Body {
  readonly type: 'commit_offsets';
  readonly offsets: Offsets;
}

interface CommitOk extends Body {
  readonly type: 'commit_offsets_ok';
}

interface List extends Body {
  readonly type: 'list_committed_offsets';
  readonly keys: readonly string[];
}

interface ListOk extends Body {
  readonly type: 'list_committed_offsets_ok';
  readonly offsets: Offsets;
}

export type ClientBodies = Send | SendOk | Poll | PollOk | Commit | CommitOk | List | ListOk;
