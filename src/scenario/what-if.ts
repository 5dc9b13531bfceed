// What could be made to go differently at a place: edits of a message, a node, an operation or a
// fault, each under a key of its own.
import { type Micros, ms, seconds } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Edit } from '../sim/edit.js';
import type { Step } from '../sim/step.js';
import { brief, showBody } from './diagram/show.js';

/** A message that can be edited. */
interface Subject {
  readonly key: string;
  readonly source: string;
  readonly dest: string;
  readonly body: unknown;
}

/** Where one is: the event at the cursor, the message and the node that are meant. */
interface Place {
  readonly step: Step;
  readonly message: Subject | undefined;
  readonly node: string | undefined;
}

interface WhatIf {
  readonly key: string;
  readonly label: string;
  readonly edits: readonly Edit[];
}

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
export function whatIfs({ step, message, node }: Place, amountUs: Micros): readonly WhatIfGroup[] {
  const groups = [
    ofEvent(step),
    message === undefined ? undefined : ofMessage(message, amountUs),
    node === undefined ? undefined : ofNode(node, step, amountUs),
  ];
  return groups.filter((group) => group !== undefined);
}

function ofMessage({ key, source, dest, body }: Subject, amountUs: Micros): WhatIfGroup {
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
    ],
  };
}

function ofNode(node: string, { key }: Step, amountUs: Micros): WhatIfGroup {
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
    ],
  };
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
