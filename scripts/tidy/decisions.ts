/**
 * The decisions have one form, and whoever refers to one refers to one that is there. Numbered
 * without gaps. `# NNNN — What was decided`, `Status: …`, then context, decision, consequences.
 */
import { type Finding, lineAt, type Rule, type Source } from './source.ts';

const FOLDER = 'docs/decisions/';
const NAME = /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/;
const STATUS = /^Status: (accepted|superseded by \d{4}|ended)\b/;
const SECTIONS = ['Context', 'Decision', 'Consequences'];
/** In other files a bare number may be anything. */
const REFERENCE = /\bdecisions?(?: \[?|\/)(\d{4})\b(?:(?:, | and | … )(\d{4})\b)*/gi;
const NUMBER = /(?<![\d.,'-])\b(0\d{3})\b(?![\d:])/g;
/** Tests of the rules name decisions that never were. */
const EXEMPT = 'scripts/tidy/';

export const decisions: Rule = {
  name: 'decision',
  check(files) {
    const known = new Set(files.flatMap(({ path }) => NAME.exec(path)?.[1] ?? []));
    const all = files.flatMap(({ path }) => NAME.exec(path)?.[1] ?? []).sort();
    const strange = all.filter((number, index) => Number(number) !== index + 1).slice(0, 1);
    const gaps = strange.map((number) =>
      found({ path: FOLDER }, 0, `are numbered without gaps and once each: look before ${number}`),
    );
    return gaps.concat(
      files.flatMap((file) => [
        ...(file.path.startsWith(FOLDER) ? formOf(file, known) : []),
        ...referencesOf(file)
          .filter(({ number }) => !known.has(number))
          .map(({ number, line }) => found(file, line, `there is no decision ${number}`)),
      ]),
    );
  },
};

function formOf({ path, text }: Source, known: ReadonlySet<string>): Finding[] {
  const number = NAME.exec(path)?.[1];
  if (!number || !known.has(number)) return [found({ path }, 0, 'is called NNNN-what-it-says.md')];
  const [title = '', , status = ''] = text.split('\n');
  const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, name = '']) => name);
  return [
    ...(title.startsWith(`# ${number} — `) ? [] : [found({ path }, 1, `begins “# ${number} — ”`)]),
    ...(STATUS.test(status) ? [] : [found({ path }, 3, 'says “Status: accepted” or what became')]),
    ...(sections.join() === SECTIONS.join()
      ? []
      : [found({ path }, 0, `has the sections ${SECTIONS.join(', ')}, in this order`)]),
  ];
}

/** Which decisions a file speaks of. */
function referencesOf({ path, text }: Source): { number: string; line: number }[] {
  if (path.startsWith(EXEMPT)) return [];
  const mentions = path.startsWith(FOLDER)
    ? [...text.matchAll(NUMBER)].map((match) => ({ words: match[0], at: match.index }))
    : [...text.matchAll(REFERENCE)].map((match) => ({ words: match[0], at: match.index }));
  return mentions.flatMap(({ words, at }) =>
    [...words.matchAll(/\d{4}/g)].map(([number]) => ({ number, line: lineAt(text, at) })),
  );
}

const found = ({ path }: { path: string }, line: number, message: string): Finding => ({
  path,
  line,
  rule: 'decision',
  message,
});
