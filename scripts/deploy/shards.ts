/**
 * What must hold of the Durable Objects before they are deployed: where they are bound, that their
 * classes were made with SQLite, and the settings that name each of them. Pure; what was deployed
 * before it does not know.
 */
import { shardStarts } from '../../worker/domain/hash-slot.ts';
import { error, type Finding } from './finding.ts';

export interface ShardConfig {
  vars: Record<string, unknown>;
  durable_objects?: { bindings: readonly Binding[] } | undefined;
  migrations?: readonly ClassMigration[] | undefined;
}

interface Binding {
  name: string;
  class_name: string;
  script_name?: string | undefined;
}

/** What becomes of a class with the deployment that first has its tag. */
interface ClassMigration {
  tag?: string | undefined;
  new_classes?: readonly string[] | undefined;
  new_sqlite_classes?: readonly string[] | undefined;
  renamed_classes?: readonly { from: string; to: string }[] | undefined;
  deleted_classes?: readonly string[] | undefined;
}

const BOUND = ['UNITS', 'PLACES'];
/** As Cloudflare names them, of Durable Objects: reference/data-location. */
const JURISDICTIONS = ['', 'eu', 'us', 'fedramp', 'fedramp-high'];
const WINDOW_MS_MAX = 1000;

export function checkShards(config: ShardConfig): Finding[] {
  return [...checkClasses(config), ...checkSettings(config.vars)];
}

/** Without SQLite an object has no journal, and what storage a class has is settled for good. */
function checkClasses({ durable_objects, migrations = [] }: ShardConfig): Finding[] {
  const found = BOUND.flatMap((wanted) => {
    const bound = durable_objects?.bindings.find(({ name }) => name === wanted);
    if (!bound)
      return [error(`${wanted} is not bound: add it under [[durable_objects.bindings]].`)];
    const made = migrations.flatMap(({ new_sqlite_classes = [] }) => new_sqlite_classes);
    const isMade = made.includes(bound.class_name);
    const own = bound.script_name ? [error(`${wanted} must be this Worker’s own class.`)] : [];
    if (isMade) return own;
    const words = `${bound.class_name} must stand in new_sqlite_classes under [[migrations]].`;
    return [...own, error(words)];
  });
  return [...found, ...checkMigrations(migrations)];
}

/** A class that is renamed or deleted takes its objects along, and all that they keep. */
function checkMigrations(migrations: readonly ClassMigration[]): Finding[] {
  const found: Finding[] = [];
  const tags = migrations.map(({ tag }) => tag ?? '');
  if (tags.includes('')) found.push(error('Each of [[migrations]] needs a tag.'));
  else if (new Set(tags).size < tags.length) {
    found.push(error('Two of [[migrations]] have one tag: the second would never be applied.'));
  }
  for (const { new_classes = [], renamed_classes = [], deleted_classes = [] } of migrations) {
    for (const name of new_classes) {
      found.push(error(`${name} stands in new_classes: it would get storage without SQLite.`));
    }
    for (const name of [...deleted_classes, ...renamed_classes.map(({ from }) => from)]) {
      found.push(error(`${name} is deleted or renamed: its objects would go with their readings.`));
    }
  }
  return found;
}

function checkSettings(vars: Record<string, unknown>): Finding[] {
  const text = (name: string) => String(vars[name] ?? '');
  const found = (['UNIT_SHARDS', 'PLACE_SHARDS'] as const).flatMap((name) => {
    try {
      shardStarts(text(name) || '0', name);
      return [];
    } catch {
      return [error(`${name} must be first slots, 0 … 4095, rising from 0, like "0 2048".`)];
    }
  });
  if (!JURISDICTIONS.includes(text('SHARD_JURISDICTION'))) {
    const names = JURISDICTIONS.filter(Boolean).join(', ');
    found.push(error(`SHARD_JURISDICTION must be empty or one of ${names}.`));
  }
  const windowMs = text('SHARD_WINDOW_MS') || '1';
  if (!/^\d+$/.test(windowMs) || Number(windowMs) > WINDOW_MS_MAX) {
    found.push(error(`SHARD_WINDOW_MS must be a whole number, ${WINDOW_MS_MAX} at most.`));
  }
  return found;
}
