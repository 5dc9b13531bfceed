// What a key does, by what is open: the list, a prompt, the menu of what-ifs, the help.
import { amountsUs } from '../scenario/what-if.js';
import { applyChoice, groupsOf, subjectsOf } from './branches.js';
import { keyTable } from './keys.js';
import { pressInPrompt } from './prompt.js';
import type { Mode, Stepper } from './stepper.js';

/** Keys that wait for an arrival. */
const heldMax = 100;

/** Takes the keys that have waited for the arrival where one wanted to be. */
export function pressHeld(stepper: Stepper): void {
  while (!stepper.travels && stepper.heldKeys.length > 0) {
    const [key = '', ...others] = stepper.heldKeys;
    stepper.heldKeys = others;
    press(stepper, key);
  }
}

/** Takes a key by its name: a character, `enter`, `esc`, `up`, `C-d` … */
export function press(stepper: Stepper, key: string): void {
  if (key === 'C-c') {
    stepper.ended = 'quit';
    return;
  }
  const { mode } = stepper;
  if (stepper.travels && mode.kind === 'normal') {
    if (key !== 'esc' && key !== 'q') {
      stepper.heldKeys = [...stepper.heldKeys.slice(1 - heldMax), key];
      return;
    }
    stepper.stay();
  }
  switch (mode.kind) {
    case 'prompt':
      return pressInPrompt(stepper, mode, key);
    case 'menu':
      return pressInMenu(stepper, mode, key);
    case 'help':
      return pressInHelp(stepper, mode, key);
    case 'letter':
      stepper.mode = { kind: 'normal' };
      if (key.length === 1) mode.done(key);
      return;
    case 'normal':
      return pressInList(stepper, key);
  }
}

function pressInList(stepper: Stepper, key: string): void {
  if (/^\d$/.test(key) && (key !== '0' || stepper.count !== '')) {
    stepper.count = `${stepper.count}${key}`.slice(0, 12);
    return;
  }
  const { count, picking } = stepper;
  stepper.count = '';
  if (picking !== undefined && (key === 'enter' || key === 'esc')) {
    stepper.picking = undefined;
    if (key === 'enter') picking.done(stepper.cursor);
    return;
  }
  const known = keyTable.get(key);
  if (known === undefined) {
    const name = key.length === 1 || /^[A-Z]-/.test(key) ? key : `the key ${key}`;
    return stepper.say(`${name} does nothing here; ? shows what there is`);
  }
  if (known.keys[0] !== 'space' && !'<>'.includes(key)) stepper.playing = undefined;
  stepper.said = undefined;
  if (!['tab', 'S-tab', 'C-e', 'C-y', '+'].includes(key)) stepper.paneTop = 0;
  known.run(stepper, count === '' ? 1 : Number(count), count !== '');
}

function pressInMenu(stepper: Stepper, mode: Extract<Mode, { kind: 'menu' }>, key: string): void {
  const choices = mode.groups.flatMap((group) => group.choices);
  const renew = (): void => {
    mode.groups = groupsOf(stepper, mode.subject);
  };
  switch (key) {
    case 'esc':
    case 'q':
    case 'a':
      stepper.mode = { kind: 'normal' };
      return;
    case 'down':
    case 'j':
      mode.chosen = Math.min(choices.length - 1, mode.chosen + 1);
      return;
    case 'up':
      mode.chosen = Math.max(0, mode.chosen - 1);
      return;
    case 'right':
    case 'left':
    case '+':
    case '-': {
      const by = key === 'right' || key === '+' ? 1 : -1;
      stepper.amount = Math.max(0, Math.min(amountsUs.length - 1, stepper.amount + by));
      return renew();
    }
    case 'tab':
      mode.subject = (mode.subject + 1) % Math.max(1, subjectsOf(stepper).length);
      return renew();
    default: {
      const byKey = choices.find((choice) => choice.key === key);
      const choice = key === 'enter' ? choices[mode.chosen] : byKey;
      if (choice !== undefined) applyChoice(stepper, choice);
    }
  }
}

function pressInHelp(stepper: Stepper, mode: Extract<Mode, { kind: 'help' }>, key: string): void {
  switch (key) {
    case 'down':
      mode.top++;
      return;
    case 'up':
      mode.top = Math.max(0, mode.top - 1);
      return;
    case 'pagedown':
    case 'space':
      mode.top += 10;
      return;
    case 'pageup':
      mode.top = Math.max(0, mode.top - 10);
      return;
    case 'backspace':
      mode.filter = mode.filter.slice(0, -1);
      return;
    default:
      if (key === 'esc' || key === 'enter' || key === '?' || (key === 'q' && mode.filter === '')) {
        stepper.mode = { kind: 'normal' };
      } else if (key.length === 1) {
        mode.filter = `${mode.filter}${key}`;
        mode.top = 0;
      }
  }
}
