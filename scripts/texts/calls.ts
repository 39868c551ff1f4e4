/**
 * Every call of `msg` in the sources, also those with the same words, and where in its file they
 * stand. Knows neither translations nor languages.
 */
import type { ProgramMessage } from '@lit/localize-tools/lib/messages.js';
import {
  type extractMessagesFromProgram,
  extractOptions,
  extractTemplate,
  generateMsgIdFromAstNode,
  isMsgCall,
} from '@lit/localize-tools/lib/program-analysis.js';

type Program = Parameters<typeof extractMessagesFromProgram>[0];
type Node = ProgramMessage['node'];

/** A call of `msg` in a source: where its words stand, which the built page does not need. */
export interface FoundCall {
  /** Absolute. */
  path: string;
  line: number;
  /** Outside of every function: it runs when its module is loaded. */
  isEarly: boolean;
  id: string;
  /** Ranges of the file: the words, between quotes and expressions. */
  words: [start: number, end: number][];
  /** End of the text, and of the options behind it. */
  end: number;
  optionsEnd: number;
}

/** In the order of files and lines. Calls that cannot be taken out are left out. */
export function callsOf(program: Program): FoundCall[] {
  const found: FoundCall[] = [];
  const walk = (node: Node): void => {
    const call = callAt(node, program);
    if (call) found.push(call);
    node.forEachChild(walk);
  };
  for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) walk(file);
  return found;
}

function callAt(node: Node, program: Program): FoundCall | null {
  const types = program.getTypeChecker();
  if (!isMsgCall(node, types)) return null;
  const [text, options] = node.arguments;
  const file = node.getSourceFile();
  const { template, tag } = (text && extractTemplate(text, file, types).result) ?? {};
  if (!text || !template) return null;
  const id = extractOptions(options, file).result?.id;
  return {
    path: file.fileName,
    line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    isEarly: !isInFunction(node),
    id: id ?? generateMsgIdFromAstNode(template, tag === 'html'),
    words: wordsOf(template),
    end: text.end,
    optionsEnd: options?.end ?? text.end,
  };
}

const isInFunction = ({ parent }: Node): boolean =>
  parent !== undefined && (('parameters' in parent && 'body' in parent) || isInFunction(parent));

/** Between its quotes and expressions. */
function wordsOf(template: Node): [number, number][] {
  if (!('head' in template)) return [[template.getStart() + 1, template.end - 1]];
  const { head, templateSpans } = template as unknown as {
    head: Node;
    templateSpans: { literal: Node }[];
  };
  const literals = templateSpans.map(({ literal }) => literal);
  return [head, ...literals].map((literal, index) => [
    literal.getStart() + 1,
    // `${` ends all but the last
    literal.end - (index < literals.length ? 2 : 1),
  ]);
}
