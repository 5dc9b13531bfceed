// Runs of the programs in fixtures/nodes, and of small programs that a test writes, behind pipes.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type PipedRun,
  type PipedScenario,
  type PipeOptions,
  runPiped,
} from '../../src/maelstrom/pipe/run.js';

const fixtures = resolve(import.meta.dirname, '../../fixtures/nodes');

/** The path of a fixture: `python/echo.py`. */
export function fixture(name: string): string {
  return join(fixtures, name);
}

/** An executable with this text, in a directory of its own. */
export function program(text: string, name = 'node'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'stormglass-program-')), name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** A Python program; `node` is the library of the fixtures. */
export function python(text: string): string {
  const imports = 'import json, os, sys, threading, time';
  const path = `sys.path.insert(0, ${JSON.stringify(join(fixtures, 'python'))})`;
  return program(`#!/usr/bin/env python3\n${imports}\n${path}\n${text}`);
}

/** A short scenario on a quiet network; `more` overrides its parts. */
export function pipedScenario(workload: string, more: object = {}): PipedScenario {
  const services = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];
  return {
    nodes: 3,
    workload: { name: workload, rate: 40 },
    services,
    network: { latency: '2ms' },
    duration: '1s',
    recovery: '500ms',
    ...more,
  } as PipedScenario;
}

/** Runs a program as three nodes for a second of virtual time. */
export function pipe(
  workload: string,
  bin: string,
  more: object = {},
  options: PipeOptions = {},
  seed = '1',
): Promise<PipedRun> {
  return runPiped(pipedScenario(workload, more), seed, { bin }, options);
}

/** Kinds of anomalies that a judge of the run has found. */
export function kindsOf(run: PipedRun, judge: string): ReadonlySet<string> {
  const found = run.assessment.judgements.find(({ name }) => name === judge);
  return new Set(found?.valid === false ? found.anomalies.map(({ kind }) => kind) : []);
}

/** Command lines of living processes that contain `text`. */
export function processesWith(text: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text) && !line.startsWith('Z'));
}
