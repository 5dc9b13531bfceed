// What the stepper knows: the run and its branches, where one is, what is shown. Knows no terminal:
// keys come in by name, a screen is drawn from it. Long work is done in jobs, a slice at a time.
import type { Row } from '../scenario/diagram/row.js';
import type { Explanation } from '../scenario/explain.js';
import type { Failure } from '../scenario/failure.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ShrinkProgress } from '../scenario/shrink/shrink.js';
import { type Ask, extendTrack, openTrack, type Track, type Violation } from '../scenario/walk.js';
import type { WhatIfGroup } from '../scenario/what-if.js';
import type { Edit } from '../sim/edit.js';
import type { Breakpoint } from './breakpoints.js';
import { eventAt, everything, placeOf, type Shown, shownCount } from './shown.js';

/** What is walked through, and how it can be called again. */
export interface Origin {
  readonly path: string;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  /** See `openTrack`. */
  readonly anew?: (() => Scenario) | undefined;
  /** How a user starts this program. */
  readonly command: string;
}

/** The run as it is, or a what-if. */
export interface Branch {
  readonly name: string;
  readonly track: Track;
  /** What was done to the branch before it; `undefined` for the run as it is. */
  readonly change: { readonly of: Branch; readonly about: string } | undefined;
}

/** What keys mean at the moment. */
export type Mode =
  | { readonly kind: 'normal' }
  | { readonly kind: 'help'; filter: string; top: number }
  | Prompt
  | { readonly kind: 'menu'; groups: readonly WhatIfGroup[]; chosen: number; subject: number }
  /** Waits for one character: the name of a mark. */
  | { readonly kind: 'letter'; readonly about: string; readonly done: (letter: string) => void };

/** A line of text that is asked for. */
export interface Prompt {
  readonly kind: 'prompt';
  /** The character before the text: `/`, `&`, `:` … */
  readonly mark: string;
  text: string;
  /** Where the next character comes. */
  at: number;
  /** What is wrong with what was entered last. */
  complaint: string | undefined;
  /** What is wrong with a text, if something is: then it can be mended. */
  readonly flaw: (text: string) => string | undefined;
  readonly complete: (text: string) => string;
  readonly done: (text: string) => void;
}

/** An event is being chosen: one goes to it, and takes it. */
interface Picking {
  readonly about: string;
  readonly done: (event: number) => void;
}

interface Said {
  readonly text: string;
  readonly bad: boolean;
}

/** A line that code of the scenario has printed. */
interface Printed {
  readonly event: number;
  readonly text: string;
}

/** The event before, the mark that was set last, or the run that the branch was made from. */
export type Base = 'event' | 'mark' | 'branch';

/** What a node's state is compared with at the event of the cursor. */
export interface Before {
  /** See `baseOf`. */
  readonly base: string;
  readonly track: Track;
  readonly cursor: number;
  readonly party: number;
  readonly state: unknown;
}

/** Where one wants to be once the run has come so far. */
export type Wanted = number | 'end' | 'violation' | undefined;

/** Jobs that move the cursor. */
const travels = ['search', 'proceed', 'list'] as const;

/** Lines that are kept of what is printed. */
const printedMax = 1_000;

/** Events between two looks at the keyboard. */
const sliceEvents = 256;

export class Stepper {
  readonly origin: Origin;
  branches: readonly Branch[];
  /** Branches that were undone, the latest last. */
  undone: readonly Branch[] = [];
  branch: Branch;
  /** The event that one looks at. */
  cursor = 0;
  /** The lane that the panes are about. */
  lane = 0;
  /** The lane stays when the cursor moves. */
  pinned = false;
  shown: Shown = everything;
  filter = '';
  folded = false;
  search = '';
  explanation: Explanation | undefined;
  /** The violation that one has gone to last. */
  violation: Violation | undefined;
  readonly marks = new Map<string, number>();
  breakpoints: readonly Breakpoint[] = [];
  /** Where one was before the last jump. */
  before = 0;
  /** The number that is being typed. */
  count = '';
  mode: Mode = { kind: 'normal' };
  pane = 'state';
  zoomed = false;
  /** Rows that the focused pane is scrolled by. */
  paneTop = 0;
  /** Place of the list at the top of the screen. */
  top = 0;
  /** Which amount of time what-ifs take: an index of `amountsUs`. */
  amount = 5;
  said: Said | undefined;
  /** How far the work is that a user waits for, if it can be stopped. */
  progress: string | undefined;
  picking: Picking | undefined;
  /** What is being shrunk, and how far it is. */
  shrinking:
    | {
        readonly branch: Branch;
        readonly failure: Failure;
        readonly last: ShrinkProgress | undefined;
      }
    | undefined;
  /** Files that branches were saved in. */
  readonly saved = new Map<Branch, string>();
  wanted: Wanted;
  /** Keys that came while one was on the way there. */
  heldKeys: readonly string[] = [];
  playing: { eventsPerSecond: number } | undefined;
  /** How it ends; `undefined` while it goes on. */
  ended: 'quit' | 'suspend' | undefined;
  /** Texts for the clipboard, to be printed at the end, too. */
  copied: readonly string[] = [];
  /** Rows that the list had on the screen last. */
  pageRows = 20;
  /** Set while a screen is drawn in a hurry: side rows that it had to do without. */
  missing: Set<number> | undefined;
  stateBefore: Before | undefined;
  /** What states are compared with. */
  base: Base = 'event';
  /** The key of the what-if that was chosen last. */
  choice: string | undefined;
  /** What code of the scenario has printed while the run was first run, and at which event. */
  readonly printed: Printed[] = [];
  /** The run as it is runs on at the moment. */
  runsOn = false;
  /** Who asks checkers that take long; `undefined`: they are asked here. */
  ask: Ask | undefined;
  readonly #jobs = new Map<string, Iterator<unknown>>();

  constructor(origin: Origin, at: Wanted) {
    const { scenario, seed, edits, anew } = origin;
    this.origin = origin;
    this.branch = {
      name: 'main',
      track: openTrack(scenario, seed, edits, anew),
      change: undefined,
    };
    this.branches = [this.branch];
    this.wanted = at;
    this.start('main', runOf(this, this.branch));
  }

  get track(): Track {
    return this.branch.track;
  }

  say(text: string, bad = false): void {
    this.said = { text, bad };
  }

  /** Begins a job; one of the same name that is under way is dropped. */
  start(name: string, job: Iterator<unknown>): void {
    this.#jobs.set(name, job);
  }

  stop(name: string): void {
    this.#jobs.delete(name);
  }

  /** The cursor is on its way somewhere: what keys mean is known when it has arrived. */
  get travels(): boolean {
    return this.wanted !== undefined || travels.some((name) => this.#jobs.has(name));
  }

  /** Stays where it is. */
  stay(): void {
    this.wanted = undefined;
    this.heldKeys = [];
    for (const name of travels) this.#jobs.delete(name);
  }

  get busy(): boolean {
    return this.#jobs.size > 0;
  }

  /** The checker that is asked next, which may take long; `undefined`: something else is next. */
  get asksNext(): string | undefined {
    const { judging, scenario } = this.track;
    return judging === undefined
      ? undefined
      : scenario.checkers[judging.judgements.length]?.checker.name;
  }

  /** There is nothing to do but to wait for a checker that is asked somewhere else. */
  get waits(): boolean {
    return this.#jobs.size === 1 && this.track.judging?.asked !== undefined;
  }

  /** Busy with what a user has asked for. */
  get works(): boolean {
    return [...this.#jobs.keys()].some((name) => name !== 'rows');
  }

  /** The row of an event beside the list; in a hurry only if it is at hand. */
  sideRow(event: number): Row | undefined {
    const { rows } = this.track;
    if (this.missing === undefined) return rows.at(event);
    const row = rows.peek(event);
    if (row === undefined) this.missing.add(event);
    return row;
  }

  /** Notes down what the console was given; only once of what runs again and again. */
  print(text: string): void {
    if (!this.runsOn || this.printed.length >= printedMax) return;
    this.printed.push({ event: this.branches[0]?.track.timeline.length ?? 0, text });
  }

  /** Does a slice of every job; false when there is nothing to do. */
  work(): boolean {
    for (const [name, job] of [...this.#jobs]) {
      if (job.next().done === true && this.#jobs.get(name) === job) this.#jobs.delete(name);
    }
    return this.busy;
  }

  /** Does all there is to do. */
  settle(): void {
    while (this.work());
  }

  /** Goes to an event, or as near as the list allows. */
  goTo(event: number): void {
    const { timeline } = this.track;
    const last = Math.max(0, timeline.length - 1);
    const place = placeOf(this.shown, Math.max(0, Math.min(last, event)));
    this.cursor = Math.max(0, eventAt(this.shown, place));
    this.follow();
  }

  /** As `goTo`, and remembers where one was. Leaves the answer to a question that it is not in. */
  jump(event: number): void {
    this.before = this.cursor;
    const { events } = this.shown;
    const isAnswer = this.filter === '' && !this.folded;
    if (isAnswer && events?.includes(event) === false) {
      this.stop('explain');
      this.explanation = undefined;
      this.shown = everything;
    }
    this.goTo(event);
  }

  /** Goes along the list. */
  move(by: number): void {
    const count = shownCount(this.shown, this.track.timeline);
    const place = placeOf(this.shown, this.cursor) + by;
    this.cursor = Math.max(0, eventAt(this.shown, Math.max(0, Math.min(count - 1, place))));
    this.follow();
  }

  /** The lane follows the cursor, unless it is pinned. */
  follow(): void {
    if (this.pinned) return;
    const row = this.track.rows.at(this.cursor);
    const { all } = this.track.rows.lanes;
    if (row === undefined) return;
    const isNode = (lane: number): boolean => (all[lane]?.party ?? -1) >= 0;
    const lane = [row.lane, row.source, ...row.struck].find(isNode);
    if (lane !== undefined) this.lane = lane;
    else if (!isNode(this.lane))
      this.lane = Math.max(
        0,
        all.findIndex(({ party }) => party >= 0),
      );
  }
}

/** Runs a branch to its end; goes where one wants to be as soon as that is known. */
export function* runOf(stepper: Stepper, branch: Branch): Generator<void> {
  const { track } = branch;
  const extend = (): boolean => {
    stepper.runsOn = branch.change === undefined;
    try {
      return extendTrack(track, sliceEvents, stepper.ask);
    } finally {
      stepper.runsOn = false;
    }
  };
  while (extend()) {
    arrive(stepper, branch);
    yield;
  }
  const { length } = track.violations;
  if (length > 0 && stepper.said === undefined) {
    const found = length === 1 ? 'one violation' : `${length} violations`;
    stepper.say(`✗ ${found}: v goes to the first, w there says why`, true);
  }
  arrive(stepper, branch);
}

function arrive(stepper: Stepper, branch: Branch): void {
  const { wanted } = stepper;
  const { run, timeline, violations } = branch.track;
  if (stepper.branch !== branch) return;
  if (timeline.length > 0 && stepper.cursor === 0) stepper.follow();
  if (wanted === undefined) return;
  const done = run !== undefined;
  if (wanted === 'violation') {
    if (!done) return;
    const [first] = violations;
    if (first === undefined) stepper.say('no checker objects to this run');
    else {
      stepper.violation = first;
      stepper.pane = 'checks';
      stepper.jump(first.event);
      stepper.say(`✗ 1 of ${violations.length}: w says why`, true);
    }
  } else if (wanted === 'end') {
    stepper.goTo(timeline.length - 1);
    if (!done) return;
  } else {
    stepper.goTo(wanted);
    // At the end of a run its verdict is next: keys that ask for it may be waiting.
    if ((timeline.length <= wanted || timeline.ended) && !done) return;
    if (timeline.length <= wanted) {
      stepper.say(`there is no event ${wanted}; the last one is ${timeline.length - 1}`, true);
    }
  }
  stepper.wanted = undefined;
}
