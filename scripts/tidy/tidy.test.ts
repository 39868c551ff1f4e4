/** Each rule is shown once keeping quiet and once finding what it is for. */
import { expect, test } from 'vitest';
import { deadExports, deadFiles } from './exports.ts';
import { importProblem, imports } from './imports.ts';
import { migrations } from './migrations.ts';
import { reasons } from './reasons.ts';
import { functionsOf, sizes } from './sizes.ts';
import { blank, importsOf, type Source } from './source.ts';
import { file, found } from './testing/found.ts';
import { words } from './words.ts';

test.each([
  ['shared/esp/nvs.ts', '../errors.ts'],
  ['shared/errors.ts', 'valibot'],
  ['web/main.ts', './unit/session.ts'],
  ['web/app/session.ts', '../../shared/errors.ts'],
  ['web/unit/virtual.ts', '../../firmware/virtual/messages.ts'],
  ['web/unit/loader.ts', 'esptool-js'],
  ['web/storage/db.ts', 'idb'],
  ['web/ui/elements/chart-hours.ts', 'chart.js'],
  ['web/ui/pages/store.ts', '../elements/chart-hours.ts'],
  ['web/sw/sw.ts', 'workbox-precaching'],
  ['worker/index.ts', './d1/units.ts'],
  ['worker/http/units.ts', '../domain/unit.ts'],
  ['worker/supabase/client.ts', '@supabase/supabase-js'],
  ['shared/esp/nvs.test.ts', 'node:fs'],
  ['worker/http/units.test.ts', '../d1/units.ts'],
])('%s may import %s', (path, from) => {
  expect(importProblem(path, from)).toBeNull();
});

test.each([
  ['shared/esp/nvs.ts', '../../web/app/session.ts'],
  ['shared/esp/nvs.ts', 'hono'],
  ['shared/esp/nvs.ts', 'node:fs'],
  ['web/app/session.ts', '../unit/session.ts'],
  ['web/app/session.ts', 'lit'],
  ['web/app/session.ts', 'vitest'],
  ['web/unit/download-mode.ts', '../../firmware/virtual/messages.ts'],
  ['web/ui/pages/store.ts', '../../api/portal.ts'],
  ['web/ui/pages/store.ts', 'chart.js'],
  ['web/ui/pages/store.ts', 'esptool-js'],
  ['web/api/http.ts', 'idb'],
  ['web/ui/elements/x.ts', 'workbox-precaching'],
  ['worker/domain/unit.ts', '../d1/units.ts'],
  ['worker/d1/units.ts', '../http/units.ts'],
  ['worker/http/units.ts', '@supabase/supabase-js'],
  ['worker/index.ts', '../web/app/session.ts'],
  ['firmware/virtual/board.ts', '../../web/app/session.ts'],
  ['web/app/session.ts', 'left-pad'],
])('%s may not import %s', (path, from) => {
  expect(importProblem(path, from)).not.toBeNull();
});

test('imports are found in every form', () => {
  const text = `import a, {
  b,
} from './a.ts';
import './b.ts';
export * from './c.ts';
// import './never.ts';
const lazy = () => import('./d.ts');
new Worker(new URL('./e.ts', import.meta.url));`;
  const from = importsOf(text).map((found) => found.from);
  expect(from.sort()).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
});

test('browser interfaces have one home', () => {
  const serial = 'const ports = navigator.serial.getPorts();';
  expect(found(imports, file('web/unit/transport.ts', serial))).toEqual([]);
  expect(found(imports, file('web/ui/pages/connect.ts', serial))).toEqual(['2 imports']);
  expect(found(imports, file('web/ui/pages/store.ts', "x(await fetch('/api'))"))).toHaveLength(1);
  expect(found(imports, file('web/ui/pages/store.ts', '// fetch() is elsewhere'))).toEqual([]);
  expect(found(imports, file('web/app/x.ts', 'this.ports.fetch(1)'))).toEqual([]);
});

test('a package is named in package.json', () => {
  const of = (text: string): Source => ({ path: 'package.json', text });
  const user = file('shared/a.ts', "import * as v from 'valibot';");
  expect(found(imports, user, of('{"dependencies": {"valibot": "1"}}'))).toEqual([]);
  expect(found(imports, user, of('{"devDependencies": {}}'))).toEqual(['2 imports']);
});

test('portable C++ includes nothing of ESP-IDF', () => {
  const text = '#include <freertos/task.h>\n#include "esp_log.h"\n#include <array>\n';
  expect(found(imports, file('firmware/core/net/net.cc', text))).toHaveLength(2);
  expect(found(imports, file('firmware/esp32s3/led.cc', text))).toEqual([]);
});

test('files, lines and imports have limits', () => {
  expect(found(sizes, file('web/a.ts', 'x;\n'.repeat(499)))).toEqual([]);
  expect(found(sizes, file('web/a.ts', 'x;\n'.repeat(500)))).toEqual(['0 file-lines']);
  expect(found(sizes, file('web/a.ts', `const a = ${'b'.repeat(91)};`))).toEqual(['2 columns']);
  expect(found(sizes, file('web/a.ts', `  hint: '${'b '.repeat(91)}',`))).toEqual([]);
  const many = Array.from({ length: 13 }, (_, i) => `import './x${i}.ts';\n`).join('');
  expect(found(sizes, file('web/a.ts', many))).toEqual(['0 import-count']);
});

test.each([
  ['function f(a: { b: number }): void {', '}'],
  ['const f = async (a) => {', '};'],
  ['class A {\n  #m(): Promise<number> {', '}\n}'],
  ['int Modem::step(int a) const {', '}'],
  ['const f = () => {\n  if (a) {', '}\n};'],
])('a long function is found: %s', (begin, end) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
  const body = "  call('}', /[}]/, `${a}}`); // }\n";
  const long = `${begin}\n${body.repeat(72)}${end}\n`;
  const short = `${begin}\n${body.repeat(60)}${end}\n`;
  expect(found(sizes, file('web/a.ts', long))).toHaveLength(1);
  expect(found(sizes, file('web/a.ts', short))).toEqual([]);
});

test('loops and conditions are no functions', () => {
  expect(functionsOf('if (a) {\n}\nfor (const b of c) {\n}\nclass D {\n}\n')).toEqual([]);
});

test('the scanner keeps code and lines, and drops what only looks like it', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
  const text = "const a = 1 / 2; /* { */ b = '{'; c = `{${d({})}{`;\ne = /{/; // {\n}";
  const code = blank(text);
  expect(code.split('\n')).toHaveLength(3);
  expect(code.replace(/\s/g, '')).toBe('consta=1/2;b=;c=;e=;}');
});

test.each([
  ['todo', '// TODO: later'],
  ['machine-path', "const x = '/tmp/a.bin';"],
  ['machine-path', 'see /home/someone/project'],
  ['registry', '"https://registry.yarnpkg.example/x"'],
  ['secret', `key = 'sb_secret_${'a'.repeat(24)}'`],
  ['secret', '-----BEGIN EC PRIVATE KEY-----'],
  ['secret', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.c`],
])('%s is found', (rule, line) => {
  expect(found(words, file('web/a.ts', line))).toEqual([`2 ${rule}`]);
});

test.each(['// TODO see docs/decisions/0003-x.md', "join(tmpdir(), 'a')", "'/api/work/item'"])(
  'nothing is found in %s',
  (line) => {
    expect(found(words, file('web/a.ts', line))).toEqual([]);
  },
);

test('a file says what it is for', () => {
  expect(found(words, { path: 'web/a.ts', text: 'const a = 1;\n' })).toEqual(['1 first-comment']);
  expect(found(words, { path: 'web/a.ts', text: '#!/usr/bin/env node\n// x\n' })).toEqual([]);
});

test('migrations are numbered without gaps', () => {
  const d1 = (name: string): Source => ({ path: `worker/d1/migrations/${name}`, text: '' });
  const rest = (name: string): Source => ({ path: `worker/supabase/migrations/${name}`, text: '' });
  expect(found(migrations, d1('0001_a.sql'), d1('0002_b.sql'))).toEqual([]);
  expect(found(migrations, d1('0001_a.sql'), d1('0003_b.sql'))).toHaveLength(1);
  expect(found(migrations, d1('0001_a.sql'), d1('0001_b.sql'))).toHaveLength(1);
  expect(found(migrations, d1('first.sql'))).toHaveLength(1);
  expect(found(migrations, rest('20260101000000_a.sql'))).toEqual([]);
  expect(found(migrations, rest('1_a.sql'))).toHaveLength(1);
});

test.each([
  ['ALTER TABLE devices DROP COLUMN name;', 1],
  ['DROP TABLE alerts;', 1],
  ['ALTER TABLE a RENAME TO b;', 1],
  ['ALTER TABLE a ADD COLUMN b TEXT NOT NULL;', 1],
  ["ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';", 0],
  ['ALTER TABLE a ADD COLUMN b TEXT; -- DROP TABLE is for later', 0],
  ['DROP INDEX a_by_b; CREATE INDEX a_by_c ON a (c);', 0],
])('a migration only adds: %s', (text, count) => {
  // what came before the sixteenth was never deployed
  const old = { path: 'worker/d1/migrations/0001_a.sql', text };
  expect(found(migrations, old)).toEqual([]);
  const others = Array.from({ length: 15 }, (_, i) => ({
    path: `worker/d1/migrations/${String(i + 1).padStart(4, '0')}_a.sql`,
    text: '',
  }));
  const next = { path: 'worker/d1/migrations/0016_b.sql', text };
  expect(found(migrations, ...others, next)).toHaveLength(count);
});

test('what is exported for nobody is found, what a template names is not', () => {
  const a = { path: 'web/a.ts', text: '// a\nexport const one = 1;\nexport function two() {}\n' };
  expect(found(deadExports, a)).toEqual(['2 dead-export', '3 dead-export']);
  const b = { path: 'web/b.ts', text: `const t = html\`\${x.two()} \${one}\`;\n` };
  expect(found(deadExports, a, b)).toEqual([]);
});

test('a file that nothing leads to is found', () => {
  const a = { path: 'web/a.ts', text: '' };
  expect(found(deadFiles, a)).toEqual(['0 dead-file']);
  expect(found(deadFiles, a, { path: 'web/ui/b.ts', text: "import '../a.ts';" })).toEqual([
    '0 dead-file',
  ]);
  expect(found(deadFiles, a, { path: 'web/main.ts', text: "import './a.ts';" })).toEqual([]);
  expect(found(deadFiles, a, { path: 'scripts/run.ts', text: "spawn('web/a.ts')" })).toEqual([]);
});

test('an assertion has its reason beside it', () => {
  expect(found(reasons, file('web/a.ts', 'const a = b[0]!;'))).toEqual([]); // the comment above
  const at = (text: string) => found(reasons, file('web/a.ts', `\n${text}`));
  expect(at('const a = b[0]!;')).toEqual(['3 reason']);
  expect(at('f(b!, c().d!);')).toEqual(['3 reason']);
  expect(at('const a = b[0]!; // never empty')).toEqual([]);
  expect(at('// never empty\nconst a = b[0]!;\nconst c = b[0]!;')).toEqual([]);
  expect(at("if (a !== b && !c) f('x!');")).toEqual([]);
  expect(found(reasons, file('web/a.test.ts', '\nb[0]!;'))).toEqual([]);
});
