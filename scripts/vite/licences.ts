/**
 * What of others is in the built page and Worker, and under which licence: a Vite plugin that notes
 * every package a bundle took something of, and the texts that then go along with the build, as the
 * licences ask. Knows no package by name.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { AppError } from '../../shared/errors.ts';

/** Each bundle is made by a build of its own: they meet in a folder. */
const NOTED = '.build/bundled';
/** Where the texts lie, for people and with the Worker. */
const LICENCES = 'licences.txt';

/** @param@param build distinguishes bundles with one name */
export function noteBundled(root: string, build: string): Plugin {
  return {
    name: 'jambench:licences',
    generateBundle(_options, bundle) {
      const packages = new Set<string>();
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const id of Object.keys(file.modules)) {
          const name = packageOf(id);
          if (name) packages.add(name);
        }
      }
      const environment = this.environment?.name ?? 'client';
      const folder = join(root, NOTED);
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${build}-${environment}.json`);
      // each worker of the page is a bundle of its own under this name
      const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
      writeFileSync(file, JSON.stringify([...new Set([...before, ...packages])].sort()));
    },
  };
}

/** The package that a module belongs to; null for our own. The innermost one counts. */
export function packageOf(id: string): string | null {
  const path = id.replaceAll('\\', '/');
  const at = path.lastIndexOf('node_modules/');
  if (at < 0) return null;
  const [first = '', second = ''] = path
    .slice(at + 'node_modules/'.length)
    .replace(/\?.*$/, '')
    .split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** Before a build, so that nothing of an earlier one is found. */
export function forgetBundled(root: string): void {
  rmSync(join(root, NOTED), { recursive: true, force: true });
}

/** Packages in all bundles of the last build, by name. @throws AppError when none was noted */
function bundledPackages(root: string): string[] {
  const folder = join(root, NOTED);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as string[],
  );
  if (names.length > 0) return [...new Set(names)].sort();
  throw new AppError('internal', 'No bundle says what it is made of.', {
    hint: 'Build first; vite.config.ts must have the plugin of scripts/vite/licences.ts.',
  });
}

interface Licence {
  name: string;
  version: string;
  licence: string;
  text: string;
}

const TEXT = /^(licen[cs]e|copying)([-.].*)?$/i;
const NOTICE = /^notice(\..*)?$/i;

/** @throws AppError for a package whose licence or text is not there */
export function licenceOf(root: string, name: string): Licence {
  const folder = join(root, 'node_modules', name);
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => TEXT.test(file) || NOTICE.test(file))
    .sort();
  const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  if (!facts.license || !text) {
    throw new AppError('internal', `${name} is bundled and says no licence, or no text of it.`, {
      hint: 'Take another version, or another package: it may not be passed on like this.',
    });
  }
  return { name, version: facts.version, licence: facts.license, text };
}

/** Every package that is bundled, and does not stand in NOTICE. */
export function missingInNotice(notice: string, names: readonly string[]): string[] {
  return names.filter((name) => !notice.split(/[\s,]+/).includes(name));
}

/** Writes the texts into each folder. @throws AppError when NOTICE lacks a package */
export function writeLicences(root: string, folders: readonly string[]): number {
  const names = bundledPackages(root);
  const missing = missingInNotice(readFileSync(join(root, 'NOTICE'), 'utf8'), names);
  if (missing.length > 0) {
    throw new AppError('internal', `NOTICE does not name ${missing.join(', ')}.`, {
      hint: 'Add each with its licence: it is part of what is built.',
    });
  }
  const line = '─'.repeat(72);
  const parts = names.map((name) => {
    const { version, licence, text } = licenceOf(root, name);
    return `${line}\n${name} ${version}: ${licence}\n${line}\n\n${text}\n`;
  });
  const own = `${readFileSync(join(root, 'LICENSE'), 'utf8').trim()}\n`;
  const words = 'It contains these works of others, each under its own licence.';
  const head = `JamBench\n\n${own}\n${words}\n`;
  for (const folder of folders) writeFileSync(join(folder, LICENCES), [head, ...parts].join('\n'));
  return names.length;
}
