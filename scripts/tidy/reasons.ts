/**
 * A non-null assertion says that the writer knows better than the compiler; beside it stands why:
 * on its line, or above the run of lines that it begins. In a test it fails as loud as any
 * expectation.
 */
import { isTestCode } from '../numbers/count.ts';
import { blank, type Finding, isTypeScript, type Rule, type Source } from './source.ts';

/** Formatted code has a space before `!=` and before a negation. */
const ASSERTION = /[\w)\]]!(?![=\w])/;
const REASON = /\/\/|\*\/\s*$/;

export const reasons: Rule = {
  name: 'reason',
  check: (files) => files.filter(({ path }) => isTypeScript(path) && !isTestCode(path)).flatMap(of),
};

function of({ path, text }: Source): Finding[] {
  const code = blank(text).split('\n');
  const lines = text.split('\n');
  let carried = false;
  return code.flatMap((line, index) => {
    const asserts = ASSERTION.test(line);
    const isBeside = [index, index - 1].some((at) => REASON.test(lines[at] ?? ''));
    carried = asserts && (isBeside || carried);
    if (!asserts || carried) return [];
    const message = 'why this is never null stands beside it, or above';
    return [{ path, line: index + 1, rule: 'reason', message }];
  });
}
