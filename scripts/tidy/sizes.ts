/** Limits on size: lines of a file and of a function, imports, columns. Knows no content. */
import {
  blank,
  type Finding,
  importsOf,
  includesOf,
  isCode,
  isTypeScript,
  lineAt,
  type Rule,
  type Source,
} from './source.ts';

const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;
const IMPORTS_MAX = 12;
const COLUMNS_MAX = 100;

/** Tables whose rows are long or many by nature. */
const TABLES: readonly string[] = ['scripts/tidy/imports.ts', 'web/ui/elements/icons.ts'];
/** Composition roots, and lists of what they bring: to know many parts is what they are for. */
const ROOTS: readonly string[] = [
  'web/main.ts',
  'web/parts/bench.ts',
  'web/parts/beside.ts',
  'web/parts/outbox.ts',
  'web/ui/routes.ts',
  'worker/index.ts',
  'worker/services.ts',
  'worker/shard-services.ts',
  'worker/d1/stores.ts',
  'worker/http/portal/services.ts',
  'worker/http/unit/services.ts',
  'worker/http/admin/services.ts',
  'firmware/virtual/board.ts',
  'firmware/apps/jambox/jambox_app.h',
];
/** Every file that says something has it; that tells nothing of how much it knows. */
const SPEECH = '@lit/localize';
/** A text of the page on one line of its template or call. */
const TEXT = /(?:\bmsg\((?:str|html)?|^\s*(?:str|html))(['"`]).*?\1/g;
/** A line that is one string: a sentence for people is not broken in two. */
const ONE_STRING = /^\s*(\??:?\s*|\w+:\s*|\[?'\w+',\s*)(['"`]).*\2[\]),;]*$/;
const MEASURED = /\.(ts|mjs|js|cc|h|c|py|css|sql|toml)$/;

function checkFile(file: Source): Finding[] {
  if (!MEASURED.test(file.path)) return [];
  const at = (line: number, rule: string, message: string) => ({
    path: file.path,
    line,
    rule,
    message,
  });
  const findings: Finding[] = [];
  const lines = file.text.split('\n');
  const isTable = TABLES.includes(file.path);
  if (lines.length - 1 > FILE_LINES_MAX && !isTable)
    findings.push(at(0, 'file-lines', `${lines.length - 1} lines, the limit is ${FILE_LINES_MAX}`));
  lines.forEach((line, index) => {
    const columns = [...line.replace(TEXT, 'msg(')].length;
    if (columns > COLUMNS_MAX && !isTable && !ONE_STRING.test(line))
      findings.push(at(index + 1, 'columns', `${columns} columns, the limit is ${COLUMNS_MAX}`));
  });
  if (!isCode(file.path)) return findings;
  const imported = isTypeScript(file.path)
    ? importsOf(file.text)
        .filter(({ from }) => from !== SPEECH)
        .filter(({ line }) => /^\s*(import|export)\s/.test(lines[line - 1] ?? ''))
    : includesOf(file.text).filter(({ own }) => own);
  if (imported.length > IMPORTS_MAX && !isTable && !ROOTS.includes(file.path))
    findings.push(at(0, 'import-count', `${imported.length} imports, the limit is ${IMPORTS_MAX}`));
  for (const { line, length } of functionsOf(file.text))
    if (length > FUNCTION_LINES_MAX)
      findings.push(
        at(line, 'function-lines', `${length} lines, the limit is ${FUNCTION_LINES_MAX}`),
      );
  return findings;
}

/** What stands before the brace of a block that is no function of its own. */
const NO_FUNCTION = /^\s*(else\s+)?(if|for|while|switch|catch|do|try|describe)\b/;
const FUNCTION_HEAD =
  /(=>|\)\s*(:[^=;]*|(const|noexcept|override|final|mutable|->\s*[\w:<>*&, ]+|\s)*))\s*$/;

/** Every brace-bodied function with its first line and its length in lines, nested ones too. */
export function functionsOf(text: string): { line: number; length: number }[] {
  const code = blank(text);
  const open: { line: number; isFunction: boolean }[] = [];
  const found: { line: number; length: number }[] = [];
  let head = 0;
  for (let i = 0; i < code.length; i++) {
    const char = code[i];
    if (char !== '{' && char !== '}' && char !== ';') continue;
    if (char === '{') {
      const before = code.slice(head, i);
      const isFunction = FUNCTION_HEAD.test(before) && !NO_FUNCTION.test(before);
      const start = head + Math.max(0, before.search(/\S/));
      open.push({ line: lineAt(code, start), isFunction });
    } else if (char === '}') {
      const block = open.pop();
      if (block?.isFunction)
        found.push({ line: block.line, length: lineAt(code, i) - block.line + 1 });
    }
    head = i + 1;
  }
  return found;
}

export const sizes: Rule = { name: 'sizes', check: (files) => files.flatMap(checkFile) };
