// Files that are there whole or not at all.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openOutput } from '../../src/files/output-file.js';
import { UsageError } from '../../src/scenario/usage-error.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stormglass-output-'));
  path = join(directory, 'out');
});

const bytes = (text: string) => new TextEncoder().encode(text);

describe('an output file', () => {
  it('has its name only when it is complete', () => {
    const file = openOutput(path, 'trace');
    file.write(bytes('one '));
    expect(readdirSync(directory)).not.toContain('out');
    file.write(bytes('two'));
    file.commit();
    expect(readdirSync(directory)).toEqual(['out']);
    expect(readFileSync(path, 'utf8')).toBe('one two');
  });

  it('leaves nothing behind when it is abandoned', () => {
    const file = openOutput(path, 'trace');
    file.write(bytes('half'));
    file.abandon();
    file.abandon();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves an older file as it was until then', () => {
    writeFileSync(path, 'old');
    const file = openOutput(path, 'trace');
    file.write(bytes('new'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    file.abandon();
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('stays when it is abandoned after its end', () => {
    const file = openOutput(path, 'trace');
    file.commit();
    file.abandon();
    expect(readdirSync(directory)).toEqual(['out']);
  });

  it('that cannot be opened is a usage error', () => {
    const open = () => openOutput(join(directory, 'nowhere/out'), 'trace');
    expect(open).toThrow(UsageError);
    expect(open).toThrow(/cannot write trace .*: there is no such file or directory/);
  });

  it('that loses its directory meanwhile is a usage error', () => {
    mkdirSync(join(directory, 'inner'));
    const file = openOutput(join(directory, 'inner/out'), 'trace');
    rmSync(join(directory, 'inner'), { recursive: true });
    expect(() => file.commit()).toThrow(UsageError);
  });

  it('that is a device is written as it is', () => {
    const file = openOutput('/dev/null', 'trace');
    file.write(bytes('gone'));
    file.commit();
    expect(readdirSync('/dev')).not.toContain(`.null.${process.pid}.tmp`);
  });

  it.skipIf(!readdirSync('/dev').includes('full'))('that is full is a usage error', () => {
    const file = openOutput('/dev/full', 'trace');
    expect(() => file.write(bytes('x'))).toThrow(/no space is left/);
  });
});
