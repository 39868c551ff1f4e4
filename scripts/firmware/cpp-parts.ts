/**
 * Which part of the firmware a C++ name belongs to: the folder that defines it. Reads the sources'
 * lines, not their grammar: a name defined in two folders goes to the first.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cppFiles, ROOT } from './cpp.ts';

/** `jambox::(anonymous namespace)::Writer::put(...)` → `Writer`; null outside `jambox`. */
export function outerName(symbol: string): string | null {
  // Without it the first bracket opens the arguments, whose types do not count.
  const plain = symbol.replaceAll('(anonymous namespace)::', '');
  const [own = ''] = plain.split('(');
  const at = own.indexOf('jambox::');
  if (at < 0) return null;
  return /^~?(\w+)/.exec(own.slice(at).replaceAll(/jambox::|wasm::/g, ''))?.[1] ?? null;
}

/** Part by name of type or function: `core/visits` → `visits`, `apps/…` → `apps`. */
function partsByName(): Map<string, string> {
  const parts = new Map<string, string>();
  const note = (name: string | undefined, part: string) => {
    if (name !== undefined && !parts.has(name)) parts.set(name, part);
  };
  for (const folder of ['core', 'apps']) {
    for (const path of cppFiles(folder, (file) => !file.endsWith('_test.cc'))) {
      const part = folder === 'core' ? (path.split('/')[1] ?? 'core') : 'apps';
      const text = readFileSync(join(ROOT, path), 'utf8');
      for (const [, name] of text.matchAll(/^\s*(?:class|struct) (\w+)[^;]*$/gm)) note(name, part);
      // A definition or declaration begins its line with a type.
      for (const [, name] of text.matchAll(/^(?:\w[\w:<>,&* ]*[ &*])(\w+)\(/gm)) note(name, part);
    }
  }
  return parts;
}

/** Bytes by part; what is not of the firmware's namespace is `C and C++ library`. */
export function bytesByPart(functions: readonly { name: string; bytes: number }[]) {
  const parts = partsByName();
  const bytes = new Map<string, number>();
  for (const entry of functions) {
    const name = outerName(entry.name);
    const part = name === null ? 'C and C++ library' : (parts.get(name) ?? 'not known');
    bytes.set(part, (bytes.get(part) ?? 0) + entry.bytes);
  }
  return bytes;
}
