/** Counting, on files made up for it. */
import { expect, test } from 'vitest';
import { clonesIn } from './clones.ts';
import { count, spread } from './count.ts';

const LOGIC = (name: string) => `export function ${name}(list) {
  const found = [];
  for (const one of list) {
    if (one.age > 3) continue;
    const row = read(one.place);
    found.push(row);
    await store(row, 7);
  }
  return found;
}
`;

test('the same logic under other names is found, with where it stands', () => {
  const text = LOGIC('first');
  const other = text.replaceAll('row', 'line').replaceAll('found', 'all').replace('7', '8');
  const [clone, ...rest] = clonesIn([
    { path: 'a.ts', text },
    { path: 'b.ts', text: `// head\n\n${other}` },
  ]);
  expect(rest).toEqual([]);
  expect(clone?.lines).toBeGreaterThanOrEqual(6);
  expect(clone?.places.map(({ path }) => path)).toEqual(['a.ts', 'b.ts']);
});

test('another call is other logic, and a list is none', () => {
  const text = LOGIC('first');
  const other = text.replace('store(', 'forget(').replace('read(', 'write(');
  expect(
    clonesIn([
      { path: 'a.ts', text },
      { path: 'b.ts', text: other },
    ]),
  ).toEqual([]);
  const list = `const a = {\n${'  x: 1,\n'.repeat(20)}};\n`;
  expect(
    clonesIn([
      { path: 'a.ts', text: list },
      { path: 'b.ts', text: list },
    ]),
  ).toEqual([]);
});

test('tests, comments and empty lines are distinguished from source', () => {
  const { parts } = count([
    { path: 'shared/a.ts', text: '// why\n\nconst a = 1;\nconst b = 2;\n' },
    { path: 'shared/a.test.ts', text: 'expect(a);\n' },
    { path: 'shared/testing/b.ts', text: 'help();\n' },
    { path: 'firmware/virtual/c.ts', text: 'c();\n' },
  ]);
  expect(parts.get('shared')).toEqual({ files: 3, source: 2, test: 2, comments: 1 });
  expect(parts.get('firmware/virtual')?.source).toBe(1);
  expect(parts.get('firmware')?.files).toBe(0);
});

test('a spread is median, ninetieth percentile and largest', () => {
  expect(spread([])).toEqual([0, 0, 0]);
  expect(spread([5, 1, 9, 3, 7, 2, 4, 6, 8, 10, 11])).toEqual([6, 10, 11]);
});
