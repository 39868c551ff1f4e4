/**
 * Where tests keep what they throw away: in memory, where the machine has a file system there. Each
 * transaction of SQLite waits for its disk, and a run makes some hundred thousand of them; that a
 * disk keeps them is not what tests are about, and a killed program loses nothing either way.
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
/** Chromium's profiles and the stacks of all tests at once take a quarter of it. */
const FREE_MIN = 2 ** 31;

/** A folder of its own; {@link process.exit} takes it away. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(isRoomInMemory() ? IN_MEMORY : tmpdir(), 'jambench-'));
  // As any folder for what is thrown away: PostgreSQL runs as somebody else.
  chmodSync(folder, 0o1777);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

function isRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= FREE_MIN;
  } catch {
    return false;
  }
}
