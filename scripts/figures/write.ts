/** Puts measured figures into their document, with the digest of what was measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/options.ts';
import { projectFiles } from '../tidy/files.ts';
import { digestOf, FIGURES, withFigures } from './figures.ts';

/** @throws AppError `not_found` for a name or a place that is not there */
export function writeFigures(name: string, text: string): void {
  for (const figures of FIGURES.filter((one) => one.name === name)) {
    const path = join(ROOT, figures.document);
    const digest = digestOf(figures, projectFiles());
    const document = withFigures(figures, { document: readFileSync(path, 'utf8'), text, digest });
    writeFileSync(path, document);
    console.log(`${figures.document}: figures “${name}” written.`);
  }
}
