/**
 * Folders that hold secrets or what people did: their owner's only, also where they were there
 * before with other rights. Windows knows no such bits and keeps what a profile is given.
 */
import { chmodSync, mkdirSync } from 'node:fs';

const OWNER_ONLY = 0o700;

/** Makes each folder if it is not there, and closes it to everyone else. */
export function keepPrivate(...folders: string[]): void {
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    chmodSync(folder, OWNER_ONLY);
  }
}
