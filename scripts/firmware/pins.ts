/**
 * What a build for the chip is made with: the container's digest and the components' hashes, as
 * `firmware/esp32s3/pins.json` has them, held against what the component manager took (its
 * `dependencies.lock`, docs.espressif.com/projects/idf-component-manager). Knows no compiler.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'));

export const Pins = v.strictObject({
  image: v.strictObject({
    tag: v.pipe(v.string(), v.regex(/^[\w./-]+:[\w.-]+$/, 'must be an image with a tag')),
    /** `sha256:…`; null: not known yet, and the build says so. */
    digest: v.nullable(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest'))),
  }),
  components: v.record(v.string(), v.strictObject({ version: v.string(), component_hash: Sha256 })),
});
export type Pins = v.InferOutput<typeof Pins>;

export interface LockedComponent {
  version: string;
  component_hash: string;
}

/**
 * Components from a registry in a `dependencies.lock`, by name. Only the two levels that count are
 * read: names at two spaces, their fields at four. Some releases of the manager wrap a hash onto a
 * line of its own.
 */
export function lockedComponents(lock: string): Map<string, LockedComponent> {
  const found = new Map<string, Partial<LockedComponent>>();
  let name = '';
  let within = false;
  const lines = lock.replace(/: *\r?\n +([0-9a-f]{64})(?=\r?\n)/g, ': $1').split(/\r?\n/);
  for (const line of lines) {
    if (/^\S/.test(line)) within = line.startsWith('dependencies:');
    if (!within) continue;
    name = /^ {2}(\S[^:]*):\s*$/.exec(line)?.[1] ?? name;
    const [, key, value = ''] =
      /^ {4}(version|component_hash): *'?([^'\s]+)'?\s*$/.exec(line) ?? [];
    if (key) found.set(name, { ...found.get(name), [key]: value });
  }
  const whole = [...found].filter(
    (entry): entry is [string, LockedComponent] => entry[1].component_hash !== undefined,
  );
  return new Map(whole);
}

/**
 * The component manager's hash over the manifests of a project with one component of its own, as
 * its lock carries it: the manifest as JSON, that JSON as a JSON string, SHA-256; a list of these
 * hashes as JSON, SHA-256 (`hash_object` and `ProjectRequirements`, idf-component-manager 2.4).
 * Only the short form of a dependency, `name: "versions"`, is read.
 *
 * @param manifest text of the component's `idf_component.yml`
 * @throws {Error} a line that is not of the short form
 */
export function manifestHash(component: string, manifest: string): string {
  const dependencies: Record<string, string> = {};
  for (const line of manifest.split(/\r?\n/)) {
    if (/^\s*(#|$)/.test(line) || line === 'dependencies:') continue;
    const [, name, versions] = /^ {2}([\w./-]+): "([^"\\]+)"$/.exec(line) ?? [];
    if (!(name && versions)) throw new Error(`"${line}" is not of the form   name: "versions"`);
    dependencies[name] = versions;
  }
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
  return hash([hash(JSON.stringify({ name: component, dependencies }))]);
}

/** What differs from the pins, a sentence each; empty when the build is made of what is pinned. */
export function differences(pins: Pins, lock: string): string[] {
  const taken = lockedComponents(lock);
  const wrong = Object.entries(pins.components).flatMap(([name, pin]) => {
    const got = taken.get(name);
    if (!got) return [`${name} is pinned and was not used.`];
    if (got.version === pin.version && got.component_hash === pin.component_hash) return [];
    return [`${name} ${pin.version} is pinned; ${got.version} (${got.component_hash}) was used.`];
  });
  const more = [...taken.keys()].filter((name) => !(name in pins.components));
  return [...wrong, ...more.map((name) => `${name} is used and not pinned.`)];
}

/** What is not pinned yet, a sentence each with what to do. */
export function gaps({ image }: Pins, hasLock: boolean): string[] {
  const gaps: string[] = [];
  if (image.digest === null) {
    gaps.push(
      `${image.tag} is pinned by its tag only. Write the digest that this run resolved into pins.json.`,
    );
  }
  if (!hasLock) {
    gaps.push('dependencies.lock is not committed. Take it from the artifact of this run.');
  }
  return gaps;
}
