// The way back from a value to its place in a text.
import { describe, expect, it } from 'vitest';
import { formatYaml, parseYaml } from '../../src/files/yaml-text.js';

const text = `about: x
network:
  latency: 5ms
faults:
  - at: 1s
    fault: crash
  - { at: 2s, nodes: [n0, n1] }
`;

const { place } = parseYaml(text);

describe('the place', () => {
  it.each([
    ['of a value', ['network', 'latency'], 'value', 3, 12, 3],
    ['of a key', ['network', 'latency'], 'key', 3, 3, 7],
    ['of an item’s field', ['faults', 0, 'fault'], 'value', 6, 12, 5],
    ['in a line of its own', ['faults', 1, 'nodes', 1], 'value', 7, 27, 2],
    ['of a map is its first key', ['network'], 'value', 3, 3, 7],
    ['of what is missing is what should hold it', ['network', 'loss'], 'value', 3, 3, 7],
    ['of what is missing in an item', ['faults', 1, 'for'], 'value', 7, 7, 2],
    ['of what is missing at the root', ['seed'], 'value', 1, 1, 5],
    ['of a strange path', ['about', 'x', 3], 'value', 1, 8, 1],
  ] as const)('%s', (_name, path, target, line, column, width) => {
    expect(place(path, target)).toMatchObject({ line, column, width });
  });

  it('comes with the lines around it', () => {
    expect(place(['faults', 0, 'fault'], 'value')).toMatchObject({
      firstLine: 4,
      lines: ['faults:', '  - at: 1s', '    fault: crash', '  - { at: 2s, nodes: [n0, n1] }'],
    });
  });

  it('does not show endless lines whole', () => {
    const endless = parseYaml(`a: ${'x'.repeat(10_000)}\n`).place(['a'], 'value');
    expect(endless.lines[0]?.length).toBeLessThan(200);
  });
});

describe('a text', () => {
  it.each([
    ['a: 1\na: 2\n', 2, 'this field is there twice'],
    ['a: [1\n', 2, /flow|\]/i],
    ['a: 1\n---\nb: 2\n', 2, 'the file holds more than one document'],
  ])('that is not sound is a problem with a place: %j', (bad, line, about) => {
    const [problem] = parseYaml(bad).problems;
    expect(problem?.about).toMatch(about);
    expect(problem?.place?.line).toBe(line);
  });

  it('with Windows line ends has the same places', () => {
    const windows = parseYaml(text.replaceAll('\n', '\r\n'));
    expect(windows.place(['network', 'latency'], 'value')).toMatchObject({ line: 3, column: 12 });
  });

  it('is parsed back from what is formatted', () => {
    const { value } = parseYaml(text);
    expect(parseYaml(formatYaml(value)).value).toEqual(value);
  });
});
