// The event of the cursor: what it is, what caused it, what it did, what came of it.
import { clockText, show, showBody } from '../../scenario/diagram/show.js';
import { type Line, span } from '../../scenario/diagram/span.js';
import type { EffectRow } from '../../sim/step.js';
import type { Brief, View } from '../view.js';
import type { Pane } from './pane.js';

export const event: Pane = { title, lines, rows: 7 };

function title({ row }: View): string {
  return row === undefined ? 'event' : `event ${row.step.index}, ${row.step.happening.kind}`;
}

function lines({ row, cause, effects }: View, width: number): readonly Line[] {
  if (row === undefined) return [];
  const { step } = row;
  const { happening } = step;
  const body = 'message' in happening ? happening.message.body : undefined;
  return [
    [span(`  ${row.label}`, row.tone)],
    ...(body === undefined ? [] : [field('message', show(body, width))]),
    field('key', step.key),
    field('cause', cause === undefined ? 'none: planned before the run' : brief(cause)),
    ...step.effects.map(effectLine),
    ...effects.map((effect) => field('led to', brief(effect))),
    ...(step.crash ?? '').split('\n').flatMap((text) => (text === '' ? [] : [crashLine(text)])),
  ];
}

function field(name: string, text: string): Line {
  return [span(`  ${name.padEnd(8)}`, 'faint'), span(text)];
}

function brief({ event, atUs, label }: Brief): string {
  return `#${event} ${clockText(atUs)} ${label}`;
}

function crashLine(text: string): Line {
  return [span(`  ${text.trim()}`, 'bad')];
}

function effectLine(effect: EffectRow): Line {
  switch (effect.effect) {
    case 'send': {
      const { dest, body, fate } = effect;
      const head = `→${dest} ${showBody(body, 30)}`;
      if (fate.fate === 'lost') return [span(`  ✗ ${head} lost: ${fate.why}`, 'bad')];
      if (fate.fate === 'held') return [span(`  ○ ${head} held by a cut`, 'fault')];
      if (fate.fate === 'waits') return [span(`  ○ ${head} waits for an event`, 'fault')];
      return field('sent', `${head} due ${clockText(fate.arrivesUs)}`);
    }
    case 'timer':
      return field('timer', `${showBody(effect.timer, 30)} at ${clockText(effect.atUs)}`);
    case 'clear':
      return field('cleared', `timer ${effect.id}`);
    case 'write':
      return field('wrote', `${effect.key} = ${show(effect.value, 40)}`);
    case 'sync':
      return field('sync', `done at ${clockText(effect.atUs)}`);
    case 'note':
      return field('noted', effect.text);
  }
}
