// What happened at nodes, one line an event, for tests that show a protocol at work. Times are left
// out: the order is what matters.
import type { Plain } from '../../src/kernel/plain.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { type RunOptions, simulate } from '../../src/scenario/simulate.js';
import type { Edit } from '../../src/sim/edit.js';
import type { EffectRow, Happening, Step } from '../../src/sim/step.js';

/** A run's lines. `wanted` picks events by what happened; without it, all but set-up are told. */
export function transcript(
  scenario: ScenarioInput,
  { edits = [], wanted = () => true }: { edits?: Edit[]; wanted?: (step: Step) => boolean } = {},
): string[] {
  const lines: string[] = [];
  const observer: RunOptions['observer'] = (step) => {
    if (isSetUp(step.happening) || !wanted(step)) return;
    const line = lineOf(step);
    if (line !== undefined) lines.push(line);
  };
  simulate(scenario, undefined, edits, { observer });
  return lines;
}

function isSetUp(happening: Happening): boolean {
  if (happening.kind !== 'deliver' && happening.kind !== 'lost') return false;
  const { src, dest } = happening.message;
  return src === 'c-admin' || dest === 'c-admin';
}

function lineOf({ happening, effects }: Step): string | undefined {
  const head = headOf(happening);
  if (head === undefined) return undefined;
  const done = effects.flatMap((effect) => effectOf(effect) ?? []);
  return done.length === 0 ? head : `${head} → ${done.join(', ')}`;
}

function headOf(happening: Happening): string | undefined {
  switch (happening.kind) {
    case 'start':
      return `${happening.node} starts`;
    case 'deliver':
      // What clients receive is told where it is sent.
      if (happening.node.startsWith('c')) return undefined;
      return `${happening.node} ◀ ${happening.message.src} ${bodyOf(happening.message.body)}`;
    case 'lost':
      return `${happening.node} ✗ ${happening.message.src} ${bodyOf(happening.message.body)}`;
    case 'timer':
      return `${happening.node} ⏱ ${bodyOf(happening.timer)}`;
    case 'synced':
      return `${happening.node} ${happening.error ?? bodyOf(happening.done)}`;
    case 'fault':
      return `${happening.fault.f} strikes`;
    case 'fault-end':
      return `${happening.fault.f} ends`;
    default:
      return undefined;
  }
}

function effectOf(effect: EffectRow): string | undefined {
  switch (effect.effect) {
    case 'send': {
      const lost = effect.fate.fate === 'lost' ? ' (lost)' : '';
      return `${effect.dest} ${bodyOf(effect.body)}${lost}`;
    }
    case 'write':
      return `write ${effect.key}`;
    case 'sync':
      return 'sync';
    case 'note':
      return `"${effect.text}"`;
    default:
      return undefined;
  }
}

function bodyOf(body: unknown): string {
  const { type, msg_id, in_reply_to, ...rest } = body as Record<string, Plain>;
  const fields = Object.values(rest).map((value) => JSON.stringify(value));
  return [type, ...fields].join(' ');
}
