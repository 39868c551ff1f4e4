/** What a rule finds in files made up for it, as `line rule`. */
import type { Rule, Source } from '../source.ts';

export const found = (rule: Rule, ...files: Source[]): string[] =>
  rule.check(files).map((finding) => `${finding.line} ${finding.rule}`);
export const file = (path: string, text: string): Source => ({ path, text: `/** x */\n${text}` });
