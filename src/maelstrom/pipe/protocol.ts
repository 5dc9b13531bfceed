// Nodes that are programs behind pipes, as a protocol. A program that is told something gets a
// *turn*: a fixed span of virtual time, at the end of which all that it has said until it was
// quiescent takes place. Meanwhile other programs have their turns, on other processors, and what
// arrives waits. A program with timers of its own has one turn after the other, told or not.
import type { Micros } from '../../kernel/time.js';
import type { Message, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import type { Conduct } from '../conduct.js';
import { lineOf, type Parsed, parseLine, type Spoken } from '../line.js';
import { hear, say } from '../speech.js';
import type { Host, Said } from './host.js';

/** What is known of a node beside its program. All of it is plain. */
interface State {
  /** It has a turn, or will have one after the other. */
  busy: boolean;
  /** It has timers of its own. */
  timed: boolean;
  /** Its first turn is over. */
  begun: boolean;
  /** It has answered `init`; clients are kept waiting until then. */
  ready: boolean;
  /** Lines that wait for the end of its turn. */
  inbox: Waiting[];
  /** Lines that it has said. */
  said: number;
}

interface Waiting {
  readonly line: string;
  readonly fromClient: boolean;
}

/** The next turn is over; or the program has ended, which is the end of its node. */
type Timers = { readonly type: 'turn' } | { readonly type: 'program'; readonly why: string };

type PipeContext = Context<Message['body'], Timers>;

interface PipedOptions {
  readonly name: string;
  readonly host: Host;
  readonly conduct: Conduct;
  readonly turnUs: Micros;
  /** Whom nodes can talk to beside each other. */
  readonly services: readonly NodeId[];
  /** Ends all programs. */
  readonly over?: () => void;
}

/** Who sends `init`, as the world's administrator does all set-up. */
const administrator = 'c-admin';
const initId = 1;

/** The protocol of one world; its programs are the host's. */
export function pipedProtocol(options: PipedOptions): Protocol<State, Message['body'], Timers> {
  const { conduct, host, name, turnUs } = options;
  let told = 0;
  const protocol: Protocol<State, Message['body'], Timers> = {
    name,
    about: `The program ${name}, behind a pipe.`,
    options: {},
    hosted: {
      perWorld: () => protocol,
      ended: (node) => {
        conduct.ends(node);
        host.stop(node);
      },
      over: () => options.over?.(),
      handshakes: () => conduct.handshakes,
      misconduct: () => conduct.misconduct(),
      keyedByLink: true,
    },
    init: (ctx) => {
      host.start(ctx.self, { endsUs: ctx.nowUs + turnUs, awaited: isMessage });
      conduct.starts(ctx.self);
      tell([lineOf(told++, initMessage(ctx))], ctx, options);
      ctx.setTimer({ type: 'turn' }, turnUs);
      return { busy: true, timed: false, begun: false, ready: false, inbox: [], said: 0 };
    },
    on: {},
    other: (state, message, ctx) => {
      const fromClient = hear(message, ctx, options);
      receive(state, { line: lineOf(told++, message), fromClient }, ctx, options);
    },
    timers: {
      turn: (state, _, ctx) => endTurn(state, ctx, options),
      program: (_, { why }) => {
        const message = `the program ${why}`;
        // Where we noticed is of no use to anybody; what it said of itself is in the message.
        throw Object.assign(new Error(message), { stack: message.split('\n')[0] });
      },
    },
  };
  return protocol;
}

function tell(lines: readonly string[], ctx: PipeContext, { host, turnUs }: PipedOptions): void {
  host.hand(ctx.self, lines, ctx.nowUs + turnUs);
}

/** A line for the program: now, or when it can take it. */
function receive(state: State, one: Waiting, ctx: PipeContext, options: PipedOptions): void {
  if ((state.busy && !state.timed) || (one.fromClient && !state.ready)) {
    state.inbox.push(one);
    return;
  }
  tell([one.line], ctx, options);
  if (!state.busy) ctx.setTimer({ type: 'turn' }, options.turnUs);
  state.busy = true;
}

/** What the program has said takes place, and it is told what has come meanwhile. */
function endTurn(state: State, ctx: PipeContext, options: PipedOptions): void {
  const { said, timed, ended } = options.host.collect(ctx.self, ctx.nowUs);
  state.timed = timed;
  for (const line of said) takeLine(state, line, ctx, options);
  const why = ended ?? (state.begun || said.some(isMessage) ? undefined : tooSlow);
  state.begun = true;
  if (why !== undefined) {
    // What it said before takes place; the node ends in an event of its own.
    ctx.setTimer({ type: 'program', why }, 0);
    return;
  }
  const due = takeDue(state);
  if (due.length > 0) tell(due, ctx, options);
  state.busy = timed || due.length > 0;
  if (state.busy) ctx.setTimer({ type: 'turn' }, options.turnUs);
}

/** Takes out of the inbox what the program can be told now. */
function takeDue(state: State): string[] {
  const { inbox, ready } = state;
  if (inbox.length === 0) return [];
  state.inbox = ready ? [] : inbox.filter(({ fromClient }) => fromClient);
  const due = ready ? inbox : inbox.filter(({ fromClient }) => !fromClient);
  return due.map(({ line }) => line);
}

const tooSlow = 'did not answer init in time';

function initMessage({ self, nodes }: PipeContext): Message {
  const body = { type: 'init', msg_id: initId, node_id: self, node_ids: [...nodes] };
  return { src: administrator, dest: self, body };
}

function isMessage(said: Said): boolean {
  return typeof said === 'string' && parseLine(said).kind === 'message';
}

/** A program has said a line. */
function takeLine(state: State, said: Said, ctx: PipeContext, options: PipedOptions): void {
  const line = typeof said === 'string' ? said : said.garbled;
  state.said++;
  if (line.trim() === '') return;
  const utterance = { node: ctx.self, atUs: ctx.nowUs, number: state.said, line };
  const parsed: Parsed =
    typeof said === 'string' ? parseLine(said) : { kind: 'wrong', why: 'it is no UTF-8' };
  if (parsed.kind === 'wrong') return options.conduct.note('garbage', utterance, parsed.why);
  const { message } = parsed;
  if (!state.ready && answersInit(message)) return isReady(state, message, ctx, options);
  say(message, utterance, ctx, options);
}

function answersInit({ dest, body }: Spoken): boolean {
  return dest === administrator && body.in_reply_to === initId;
}

function isReady(state: State, { body }: Spoken, ctx: PipeContext, options: PipedOptions): void {
  if (body.type !== 'init_ok') {
    const why = `answered init with ${JSON.stringify(body)}`;
    ctx.setTimer({ type: 'program', why }, 0);
    return;
  }
  state.ready = true;
  options.conduct.isReady(ctx.self);
}
