// `:shrink` and `:export`: what the command line can do with a run, from within it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/files/yaml-text.js';
import { cli, directoryWith } from '../cli/harness.js';
import { brokenBroadcast } from '../support/tracks.js';
import { type Opened, open } from './terminal.js';

const directory = directoryWith();
const path = join(directory, 'from.yaml');
const said = ({ screen }: Opened): string => screen().at(-2) ?? '';
const wide = { columns: 140, rows: 40, path };

/** Waits until the screen says it. */
async function seen(opened: Opened, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 2_000 && !pattern.test(opened.text()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(opened.text()).toMatch(pattern);
}

describe(':shrink', () => {
  it('shows how far it is, and opens what is left at its violation', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', 'shrink', 'enter');
    await seen(opened, /shrunk \d+→\d, \d+ runs/);
    await seen(opened, /s1 is ✗ invalid: set-full lost.*; s saves it/);
    expect(opened.screen()[0]).toMatch(/ s1 {2}event/);
    expect(opened.screen().find((line) => line.startsWith('❯'))).toMatch(/read/);
    const saved = join(directory, 'small.yaml');
    await opened.type('s', 'C-u', saved, 'enter');
    expect(said(opened)).toMatch(/^ saved; try: stormglass run /);
    const file = parseYaml(readFileSync(saved, 'utf8')).value as Record<string, unknown>;
    expect(file).toMatchObject({ expect: { object: 'set-full', anomaly: 'lost' } });
    expect(file.found).toBeUndefined();
    expect((await cli(['run', saved])).code).toBe(0);
    await opened.type('q');
    expect((await opened.ended).farewell).toContain(`stormglass step ${saved} --at `);
  });

  it('goes on between keys, and Esc stops it with what there is', async () => {
    const opened = await open({ ...brokenBroadcast, duration: '300s' }, wide);
    await seen(opened, /✗ \d+\n/); // Its verdict says what is to be kept.
    opened.tap(':', 'shrink set-full/lost', 'enter');
    await seen(opened, /shrinking/);
    opened.tap('j', 'j');
    await seen(opened, /main {2}event 2\//);
    const smaller =
      /shrinking (\d+) operations, faults and edits to (?!\1 )\d+ in \d+ runs; Esc stops/;
    await seen(opened, smaller);
    opened.tap('esc'); // At once: little is left to do.
    await seen(opened, /shrunk \d+→\d+, stopped early, \d+ runs/);
    expect(opened.text()).not.toContain('Esc stops');
  });

  it('leads back to the run that it was made of while it is not saved', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', 'shrink', 'enter');
    await seen(opened, /s1 is ✗ invalid/);
    await opened.type('q');
    expect((await opened.ended).farewell).toContain(`step ${path} --seed 1 --at violation`);
  });

  it('says what cannot be shrunk', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', 'shrink set-full/lst', 'enter');
    expect(said(opened)).toMatch(/no failure set-full\/lst; did you mean set-full\/lost\?/);
    const valid = await open({ ...brokenBroadcast, faults: [] }, wide);
    await valid.type(':', 'shrink', 'enter');
    expect(said(valid)).toMatch(/no checker objects to this run/);
  });
});

describe(':export', () => {
  it.each([
    ['html', /^<!doctype html>/i],
    ['svg', /^<svg/],
    ['perfetto', /^\{"/],
    ['shiviz', /^[\s\S]*\{"/],
    ['mermaid', /sequenceDiagram/],
  ])('writes %s', async (format, start) => {
    const out = join(directory, `run.${format}`);
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', `export ${format} ${out}`, 'enter');
    expect(said(opened)).toContain(`exported to ${out}`);
    expect(readFileSync(out, 'utf8')).toMatch(start);
  });

  it('takes the place of no file', async () => {
    const out = join(directory, 'precious.svg');
    writeFileSync(out, 'precious');
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', `export svg ${out}`, 'enter');
    expect(said(opened)).toContain('is there already; choose another name');
    expect(readFileSync(out, 'utf8')).toBe('precious');
  });

  it('says which formats there are, and what is wrong with a place', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type(':', 'export', 'enter');
    expect(said(opened)).toBe(' the formats are html, svg, perfetto, shiviz, mermaid');
    await opened.type(':', 'export htm', 'enter');
    expect(said(opened)).toBe(' there is no format htm; did you mean html?');
    const nowhere = join(directory, 'no/such/place.svg');
    await opened.type(':', `export svg ${nowhere}`, 'enter');
    expect(said(opened)).toMatch(/no such|cannot write|there is no/);
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('the command line', () => {
  it('completes commands, formats, failures and nodes', async () => {
    const opened = await open(brokenBroadcast, wide);
    const completed = async (text: string): Promise<string> => {
      await opened.type(':', text, 'tab');
      const line = said(opened);
      await opened.type('esc');
      return line;
    };
    expect(await completed('exp')).toBe(' :export █');
    expect(await completed('export mer')).toBe(' :export mermaid █');
    expect(await completed('shrink s')).toBe(' :shrink set-full/lost█');
    expect(await completed('watch n')).toBe(' :watch n█');
    expect(await completed('watch n1')).toBe(' :watch n1.█');
  });

  it('says where one is', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('5', 'j', ':', 'when', 'enter');
    expect(said(opened)).toMatch(/^ event 5 of \d+, 0\.\d+ s, key \w{16}, main of .*seed 1$/);
  });
});
