/**
 * Request bodies: bounded while they stream in, then parsed. Old units send a wrong Content-Type or
 * none, and may append a NUL or a line end; neither counts against them.
 */
import * as v from 'valibot';
import { concat } from '../../../shared/bytes.ts';
import { describeIssues } from '../../../shared/contracts/common.ts';
import { AppError } from '../../../shared/errors.ts';

/**
 * The body as text, reading no further than the limit.
 * @throws AppError `too_large`
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () => new AppError('too_large', `body is larger than ${maxBytes} bytes`);
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > maxBytes) {
      reader?.releaseLock(); // drain.ts reads the rest
      throw tooLarge();
    }
    chunks.push(part.value);
  }
  return new TextDecoder().decode(concat(chunks));
}

/** Text → JSON value; drops NULs behind it. @throws AppError `invalid` */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(withoutNuls(text));
  } catch (cause) {
    throw new AppError('invalid', 'body is not valid JSON', { cause });
  }
}

/** Text up to the NULs that end it; line ends between and before them go as well. */
function withoutNuls(text: string): string {
  let end = text.length;
  while (end > 0 && '\0\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A value that fits the schema. @throws AppError `invalid` that names the field and the reason */
export function parseAs<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new AppError('invalid', describeIssues(result.issues));
}
