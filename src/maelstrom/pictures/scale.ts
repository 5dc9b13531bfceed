// Axes: which values get a tick, what it is called, and where a value lies between the ends.
import type { Micros } from '../../kernel/time.js';

interface Tick {
  /** From 0, the axis' start, to 1, its end. */
  readonly share: number;
  readonly label: string;
}

export interface Scale {
  readonly ticks: readonly Tick[];
  /** Where a value lies, from 0 to 1; beyond the ends it lies at them. */
  shareOf(value: number): number;
}

/** From 0 to `max` or a little more. */
export function linearScale(max: number, label: (value: number) => string, count = 6): Scale {
  const step = niceStep((max <= 0 ? 1 : max) / count);
  const steps = Math.max(1, Math.ceil((max <= 0 ? 1 : max) / step - 1e-9));
  const end = steps * step;
  const ticks = Array.from({ length: steps + 1 }, (_, nth) => ({
    share: nth / steps,
    label: label(nth * step),
  }));
  return { ticks, shareOf: (value) => clamped(value / end) };
}

/** Time from the start of a run to its end; ticks lie within. */
export function timeScale(endUs: Micros, count = 10): Scale {
  const endS = Math.max(endUs, 1) / 1_000_000;
  const step = niceStep(endS / count);
  const ticks = [];
  for (let nth = 0; nth * step <= endS + 1e-9; nth++) {
    ticks.push({ share: (nth * step) / endS, label: rounded(nth * step) });
  }
  return { ticks, shareOf: (us) => clamped(us / (endS * 1_000_000)) };
}

/**
 * Durations by decades, from the one that `minUs` lies in. Operations that take no time at all have
 * a place of their own below, if there are any.
 */
export function decadeScale(minUs: Micros, maxUs: Micros, zeros: boolean): Scale {
  const low = decadeBelow(Math.max(1, minUs));
  const high = Math.max(low + 1, decadeBelow(Math.max(1, maxUs - 1)) + 1);
  const first = zeros ? low - 1 : low;
  const extent = high - first;
  const ticks = Array.from({ length: extent + 1 }, (_, nth) => ({
    share: nth / extent,
    label: zeros && nth === 0 ? '0' : briefDuration(10 ** (first + nth)),
  }));
  const shareOf = (us: number): number =>
    us <= 0 ? 0 : clamped((Math.log10(us) - first) / extent);
  return { ticks, shareOf };
}

/** 1, 2 or 5 times a power of ten, and not below `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * power >= step - power * 1e-9) ?? 10;
  return factor * power;
}

/** The length of windows such that about `count` fill `endUs`, in round figures. */
export function windowUs(endUs: Micros, count: number): Micros {
  return Math.max(1_000, Math.round(niceStep(Math.max(1, endUs) / count)));
}

/** `10 ms`, `1 s`: with the unit that keeps it short. */
export function briefDuration(us: Micros): string {
  if (us >= 1_000_000) return `${rounded(us / 1_000_000)} s`;
  if (us >= 1_000) return `${rounded(us / 1_000)} ms`;
  return `${rounded(us)} µs`;
}

function rounded(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

function decadeBelow(us: number): number {
  return Math.floor(Math.log10(us) + 1e-9);
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
