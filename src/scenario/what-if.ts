// What could be made to go differently at a place: edits of a message, a node, an operation or a
// fault, each under a key of its own.
import { type Micros, ms, seconds } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Edit, EventKey } from '../sim/edit.js';
import type { Step } from '../sim/step.js';
import { brief, showBody } from './diagram/show.js';

/** A message that can be edited. */
export interface Subject {
  readonly key: string;
  readonly source: string;
  readonly dest: string;
  readonly body: unknown;
  /** The event that sent it; −1: none that is known. */
  readonly cause: number;
}

/** Where one is: the event at the cursor, the message and the node that are meant. */
interface Place {
  readonly step: Step;
  readonly message: Subject | undefined;
  readonly node: string | undefined;
  /** The key of the event at which the next sync of the node completes, if there is one. */
  readonly sync: EventKey | undefined;
}

export type WhatIf =
  | { readonly key: string; readonly label: string; readonly edits: readonly Edit[] }
  /** It is to be said what: before which event the message arrives, what it says instead. */
  | {
      readonly key: string;
      readonly label: string;
      readonly asks: 'event' | 'body';
      readonly message: Subject;
    };

export interface WhatIfGroup {
  readonly about: string;
  readonly choices: readonly WhatIf[];
}

/** Amounts of time that a menu steps through. */
export const amountsUs: readonly Micros[] = [
  ...[1, 5, 10, 20, 50, 100, 200, 500].map(ms),
  ...[1, 2, 5, 10].map(seconds),
];

/** All that can be done at a place; `amountUs` is how long, how late, how far. */
export function whatIfs(place: Place, amountUs: Micros): readonly WhatIfGroup[] {
  const { step, message, node, sync } = place;
  const groups = [
    ofEvent(step),
    message === undefined ? undefined : ofMessage(message, amountUs),
    node === undefined ? undefined : ofNode(node, step, sync, amountUs),
  ];
  return groups.filter((group) => group !== undefined);
}

function ofMessage(message: Subject, amountUs: Micros): WhatIfGroup {
  const { key, source, dest, body } = message;
  const lasts = brief(amountUs);
  const edit = (choice: string, label: string, made: Edit): WhatIf => ({
    key: choice,
    label,
    edits: [made],
  });
  return {
    about: `message ${source}→${dest} ${showBody(body, 24)}`,
    choices: [
      edit('x', 'drop it', { edit: 'drop', message: key }),
      edit('d', `delay it by ${lasts}`, { edit: 'delay', message: key, byUs: amountUs }),
      edit('2', `duplicate it ${lasts} later`, {
        edit: 'duplicate',
        message: key,
        afterUs: amountUs,
      }),
      edit('n', 'deliver it now, whatever the network does', { edit: 'deliver', message: key }),
      { key: 'b', label: 'deliver it right before …', asks: 'event', message },
      { key: 'e', label: 'let it say something else …', asks: 'body', message },
    ],
  };
}

function ofNode(
  node: string,
  { key }: Step,
  sync: EventKey | undefined,
  amountUs: Micros,
): WhatIfGroup {
  const lasts = brief(amountUs);
  const nodes = [node];
  const strike = (choice: string, label: string, fault: Fault, forUs?: Micros): WhatIf => ({
    key: choice,
    label,
    edits: [{ edit: 'fault', at: key, fault, forUs }],
  });
  return {
    about: `node ${node}, right after this event`,
    choices: [
      strike('c', `crash it for ${lasts}`, { f: 'crash', nodes, lost: 'all' }, amountUs),
      strike('r', 'restart it', { f: 'restart', nodes }),
      strike('p', `pause it for ${lasts}`, { f: 'pause', nodes }, amountUs),
      strike(
        'i',
        `isolate it for ${lasts}`,
        { f: 'partition', components: [nodes], mode: 'drop' },
        amountUs,
      ),
      strike('k', `set its clock ${lasts} ahead`, { f: 'clock-jump', nodes, byUs: amountUs }),
      ...(sync === undefined ? [] : [failedSync(sync)]),
    ],
  };
}

function failedSync(at: EventKey): WhatIf {
  const edits = [{ edit: 'choose', at, choice: 'disk-fail', value: true }] as const;
  return { key: 'f', label: 'its next sync fails', edits };
}

function ofEvent({ happening }: Step): WhatIfGroup | undefined {
  switch (happening.kind) {
    case 'fault':
    case 'fault-end': {
      const edits = [{ edit: 'omit-fault', fault: happening.id }] as const;
      return {
        about: 'this fault',
        choices: [{ key: 'o', label: 'it never strikes', edits }],
      };
    }
    case 'invoke': {
      const edits = [{ edit: 'omit-op', op: happening.op }] as const;
      return {
        about: 'this operation',
        choices: [{ key: 'o', label: 'it is never invoked', edits }],
      };
    }
    default:
      return undefined;
  }
}
