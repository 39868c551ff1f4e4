/**
 * The interface as a page: who calls, what to send, what comes back, with a command to try. Made
 * from the OpenAPI document alone. Knows no route and no schema library.
 */
import { escapeHtml } from '../kernel/html.ts';
import { type Field, fieldsOf, type Shape } from '../kernel/openapi-fields.ts';

export interface Operation {
  method: string;
  path: string;
  summary: string;
  /** Who may call, in a sentence. */
  who: string;
  facts: {
    parameters?: Parameter[];
    requestBody?: { content: Content };
    responses?: Record<string, { description: string; content?: Content }>;
    security?: Record<string, unknown>[];
  };
}
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: Shape;
  example?: string;
}
type Content = Record<string, { schema?: Shape; example?: unknown }>;

export interface Chapter {
  title: string;
  about: string;
  operations: readonly Operation[];
}

/** @param origin where the Worker answers, for the commands to try */
export function docsPage(chapters: readonly Chapter[], origin: string): string {
  const count = chapters.reduce((sum, { operations }) => sum + operations.length, 0);
  return `<div class="split"><nav aria-label="Operations">${chapters.map(contents).join('')}</nav>
<main><h1>JamBench interface</h1>
<p>${count} operations, described by the schemas that check them.
For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${chapters.map((c) => chapter(c, origin)).join('\n')}</main></div>`;
}

function contents({ title, operations }: Chapter): string {
  const rows = operations.map(
    (o) => `<li><a href="#${anchor(o)}">${badge(o)} ${escapeHtml(shortPath(o.path))}</a></li>`,
  );
  return `<h2>${escapeHtml(title)}</h2><ul>${rows.join('')}</ul>`;
}

function chapter({ title, about, operations }: Chapter, origin: string): string {
  return `<section><h2>${escapeHtml(title)}</h2><p>${escapeHtml(about)}</p>
${operations.map((o) => article(o, origin)).join('\n')}</section>`;
}

function article(operation: Operation, origin: string): string {
  const { method, path, summary, who, facts } = operation;
  const body = facts.requestBody?.content['application/json'];
  return `<article id="${anchor(operation)}">
<h3 class="${method.toLowerCase()}"><code>${method} ${escapeHtml(path)}</code></h3>
<p>${prose(summary)}. <span class="who">${escapeHtml(who)}</span></p>
${table('Parameters', (facts.parameters ?? []).map(parameterRow))}
${body?.schema ? table('Body', fieldsOf(body.schema)) : ''}
<details><summary>Answers</summary>${answers(facts.responses ?? {})}</details>
<details><summary>Try it</summary><pre>${escapeHtml(command(operation, origin))}</pre></details>
</article>`;
}

function parameterRow({ name, in: where, required, schema }: Parameter): Field {
  const [field] = fieldsOf({ type: 'object', properties: { [name]: schema } });
  return { name: `${name} (${where})`, type: field?.type ?? '', required, note: field?.note ?? '' };
}

function answers(responses: NonNullable<Operation['facts']['responses']>): string {
  return Object.entries(responses)
    .map(([status, { description, content }]) => {
      const schema = content?.['application/json']?.schema;
      const fields = schema && !schema.$ref ? fieldsOf(schema) : [];
      return `<h4>${status} ${escapeHtml(description)}</h4>${table('', fields)}`;
    })
    .join('');
}

function table(title: string, fields: readonly Field[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ name, type, required, note }) => `<tr><th scope="row"><code>${escapeHtml(name)}</code></th>
<td>${escapeHtml(type)}</td><td>${required ? 'required' : ''}</td>
<td>${escapeHtml(note)}</td></tr>`,
  );
  return `${title ? `<h4>${title}</h4>` : ''}
<div class="scroll" tabindex="0"><table>${rows.join('')}</table></div>`;
}

/** A curl command with the example's values; what is secret stays a word to replace. */
function command({ method, path, facts }: Operation, origin: string): string {
  const parameters = facts.parameters ?? [];
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => {
    return parameters.find((p) => p.in === 'path' && p.name === name)?.example ?? whole;
  });
  const query = parameters
    .filter((p) => p.in === 'query' && p.example !== undefined)
    .map((p) => `${p.name}=${encodeURIComponent(p.example ?? '')}`);
  const url = `${origin}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const body = facts.requestBody?.content['application/json']?.example;
  const secured = (facts.security ?? []).length > 0;
  return [
    `curl -X ${method} '${url}'`,
    ...(secured ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${quoted(body)}'`]),
  ].join(' \\\n  ');
}

function quoted(body: unknown): string {
  return JSON.stringify(body).replaceAll("'", "'\\''");
}

/** Backquoted words are names of fields. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function badge({ method }: Operation): string {
  return `<span class="method ${method.toLowerCase()}">${method}</span>`;
}

function shortPath(path: string): string {
  return path.replace(/^\/api(\/v1)?/, '') || path;
}

function anchor({ method, path }: Operation): string {
  return `${method}${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
