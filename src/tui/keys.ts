// The keys: one table, from which the help, the footer and docs/stepper.md are made.
import { changeBase } from './bases.js';
import { moveToDifference, openMenu, redo, repeatChoice, switchBranch, undo } from './branches.js';
import { askCommand, goToNumber } from './commands.js';
import { copyCommand, copyEvent } from './copying.js';
import {
  askEffects,
  askFilter,
  askSearch,
  askWhy,
  listBreakpoints,
  proceed,
  searchNext,
  toggleBreakpoint,
  toggleFold,
} from './looking.js';
import {
  moveAlongMessage,
  moveBack,
  moveBy,
  moveLane,
  moveOnNode,
  moveToEnd,
  moveToFault,
  moveToMark,
  moveToOp,
  moveToStart,
  moveToViolation,
  setMark,
} from './moves.js';
import { changePane, changeSpeed, leave, scrollPane, togglePlay, toggleZoom } from './paning.js';
import { askSave } from './save.js';
import type { Stepper } from './stepper.js';

interface KeyBinding {
  /** Names of keys: characters, `up`, `C-d` … */
  readonly keys: readonly string[];
  /** As the help shows them. */
  readonly shown: string;
  readonly about: string;
  /** `count`: what was typed before it, 1 if nothing was. */
  readonly run: (stepper: Stepper, count: number, typed: boolean) => void;
}

interface KeyGroup {
  readonly about: string;
  readonly bindings: readonly KeyBinding[];
}

const binding = (
  keys: string,
  shown: string,
  about: string,
  run: KeyBinding['run'],
): KeyBinding => ({ keys: keys.split(' '), shown, about, run });

const page = ({ pageRows }: Stepper): number => Math.max(1, pageRows - 2);

const moving: readonly KeyBinding[] = [
  binding('j down', 'j ↓', 'next event; 10j: ten on', (s, n) => moveBy(s, n)),
  binding('k up', 'k ↑', 'previous event', (s, n) => moveBy(s, -n)),
  binding('J', 'J', 'next event at the node in focus', (s, n) => moveOnNode(s, n)),
  binding('K', 'K', 'previous event at the node in focus', (s, n) => moveOnNode(s, -n)),
  binding('h left', 'h ←', 'focus the node to the left', (s, n) => moveLane(s, -n)),
  binding('l right', 'l →', 'focus the node to the right', (s, n) => moveLane(s, n)),
  binding('% enter', '% Enter', 'other end of the message', (s) => moveAlongMessage(s)),
  binding('v', 'v', 'next violation', (s, n) => moveToViolation(s, n)),
  binding('V', 'V', 'previous violation', (s, n) => moveToViolation(s, -n)),
  binding('f', 'f', 'next fault', (s, n) => moveToFault(s, n)),
  binding('F', 'F', 'previous fault', (s, n) => moveToFault(s, -n)),
  binding('o', 'o', 'next line of an operation', (s, n) => moveToOp(s, n)),
  binding('O', 'O', 'previous line of an operation', (s, n) => moveToOp(s, -n)),
  binding('g home', 'g Home', 'first event', (s) => moveToStart(s)),
  binding('G end', 'G End', 'last event; 142G: event 142', (s, n, typed) =>
    typed ? goToNumber(s, n) : moveToEnd(s),
  ),
  binding('C-d', '^d', 'half a page on', (s, n) => s.move(n * Math.ceil(page(s) / 2))),
  binding('C-u', '^u', 'half a page back', (s, n) => s.move(-n * Math.ceil(page(s) / 2))),
  binding('pagedown C-f', 'PgDn', 'a page on', (s, n) => s.move(n * page(s))),
  binding('pageup C-b', 'PgUp', 'a page back', (s, n) => s.move(-n * page(s))),
  binding('m', 'mx', 'mark this event as x', (s) => setMark(s)),
  binding("'", "'x", 'to mark x', (s) => moveToMark(s)),
  binding('`', '`', 'back to before the last jump', (s) => moveBack(s)),
  binding('space', 'Space', 'play, and stop', (s) => togglePlay(s)),
  binding('>', '>', 'play faster', (s) => changeSpeed(s, 2)),
  binding('<', '<', 'play slower', (s) => changeSpeed(s, 0.5)),
];

const asking: readonly KeyBinding[] = [
  binding('w', 'w', 'why: what led here; at a violation: and what if not', (s) => askWhy(s)),
  binding('W', 'W', 'what came of it', (s) => askEffects(s)),
  binding('/', '/', 'search: words, kind=lost, node=n1, type=read*, n=3, !not', (s) =>
    askSearch(s, true),
  ),
  binding('\\', '\\', 'search backwards', (s) => askSearch(s, false)),
  binding('n', 'n', 'next match', (s) => searchNext(s, true)),
  binding('N', 'N', 'previous match', (s) => searchNext(s, false)),
  binding('&', '&', 'show only rows with these words', (s) => askFilter(s)),
  binding('z', 'z', 'fold timers and syncs, and unfold', (s) => toggleFold(s)),
  binding('b', 'b', 'breakpoint at events like this', (s) => toggleBreakpoint(s)),
  binding('B', 'B', 'list the breakpoints', (s) => listBreakpoints(s)),
  binding('c', 'c', 'on to the next breakpoint or watched change', (s) => proceed(s, true)),
  binding('C', 'C', 'back to the one before', (s) => proceed(s, false)),
];

const changing: readonly KeyBinding[] = [
  binding('a', 'a', 'what if: drop, delay, crash … here', (s) => openMenu(s)),
  binding('.', '.', 'the same what-if once more, here', (s) => repeatChoice(s)),
  binding('u', 'u', 'undo the latest what-if', (s) => undo(s)),
  binding('C-r', '^r', 'bring it back', (s) => redo(s)),
  binding(']', ']', 'next branch', (s, n) => switchBranch(s, n)),
  binding('[', '[', 'previous branch', (s, n) => switchBranch(s, -n)),
  binding('d', 'd', 'first event where the branch differs', (s) => moveToDifference(s)),
  binding('s', 's', 'save the branch as a scenario or a test', (s) => askSave(s)),
  binding('y', 'y', 'copy the command that comes back here', (s) => copyCommand(s)),
  binding('Y', 'Y', 'copy the event as a line of a trace', (s) => copyEvent(s)),
];

const showing: readonly KeyBinding[] = [
  binding('tab', 'Tab', 'next pane', (s, n) => changePane(s, n)),
  binding('S-tab', 'S-Tab', 'previous pane', (s, n) => changePane(s, -n)),
  binding('+', '+', 'the pane alone, and back', (s) => toggleZoom(s)),
  binding('_', '_', 'all panes again', (s) => {
    s.zoomed = false;
  }),
  binding('D', 'D', 'states beside a mark, the other branch, the event before', (s) =>
    changeBase(s),
  ),
  binding('C-e', '^e', 'scroll the pane down', (s, n) => scrollPane(s, n)),
  binding('C-y', '^y', 'scroll the pane up', (s, n) => scrollPane(s, -n)),
  binding(':', ':', 'command line', (s) => askCommand(s)),
  binding('esc', 'Esc', 'all rows again; leave what is open', (s) => leave(s)),
  binding('?', '?', 'this help', (s) => {
    s.mode = { kind: 'help', filter: '', top: 0 };
  }),
  binding('q', 'q', 'quit', (s) => {
    s.ended = 'quit';
  }),
  binding('C-z', '^z', 'suspend', (s) => {
    s.ended = 'suspend';
  }),
];

export const keyGroups: readonly KeyGroup[] = [
  { about: 'Moving', bindings: moving },
  { about: 'Asking', bindings: asking },
  { about: 'Changing', bindings: changing },
  { about: 'Showing', bindings: showing },
];

/** By the name of a key. */
export const keyTable: ReadonlyMap<string, KeyBinding> = new Map(
  keyGroups.flatMap(({ bindings }) =>
    bindings.flatMap((entry) => entry.keys.map((key) => [key, entry] as const)),
  ),
);
