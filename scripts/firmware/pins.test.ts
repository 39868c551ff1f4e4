import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { differences, gaps, lockedComponents, manifestHash, Pins } from './pins.ts';

const file = (name: string) =>
  readFileSync(new URL(`../../firmware/esp32s3/${name}`, import.meta.url), 'utf8');
const pins = v.parse(Pins, JSON.parse(file('pins.json')));
const PIN = pins.components['espressif/led_strip'] ?? { version: '', component_hash: '' };

/** As the component manager writes it. */
const lock = ({
  version = PIN.version,
  hash = PIN.component_hash,
  more = '',
} = {}) => `dependencies:
  espressif/led_strip:
    component_hash: ${hash}
    dependencies:
    - name: idf
      require: private
      version: '>=5.0'
    source:
      registry_url: https://components.example.net/
      type: service
    version: ${version}
${more}  idf:
    source:
      type: idf
    version: 5.4.4
direct_dependencies:
- espressif/led_strip
manifest_hash: ${'0'.repeat(64)}
target: esp32s3
version: 2.0.0
`;

describe('a build’s components', () => {
  test('are read from the lock with version and hash; ESP-IDF itself has none', () => {
    expect([...lockedComponents(lock())]).toEqual([['espressif/led_strip', PIN]]);
  });

  test('as pinned are no difference', () => {
    expect(differences(pins, lock())).toEqual([]);
  });

  test.each([
    ['another version', { version: '3.0.4' }, /3\.0\.4/],
    ['other bytes under the same version', { hash: 'a'.repeat(64) }, /a{64}/],
    [
      'one more component',
      { more: `  other/thing:\n    component_hash: ${'b'.repeat(64)}\n    version: 1.0.0\n` },
      /other\/thing is used and not pinned/,
    ],
  ])('%s is reported', (_name, change, words) => {
    const [sentence, ...rest] = differences(pins, lock(change));
    expect(sentence).toMatch(words);
    expect(rest).toEqual([]);
  });

  test('that were not used are reported', () => {
    expect(differences(pins, 'dependencies:\n  idf:\n    version: 5.4.4\n')).toEqual([
      'espressif/led_strip is pinned and was not used.',
    ]);
  });
});

describe('the committed lock', () => {
  const committed = file('dependencies.lock');
  const manifest = file('main/idf_component.yml');
  const field = (name: string) => new RegExp(`^${name}: (\\S+)$`, 'm').exec(committed)?.[1];

  test('is of what is pinned, for this chip and the container’s ESP-IDF', () => {
    expect(differences(pins, committed)).toEqual([]);
    expect(field('target')).toBe('esp32s3');
    const idf = /\n {2}idf:\n.*\n.*\n {4}version: (\S+)\n/.exec(committed)?.[1];
    expect(pins.image.tag).toBe(`espressif/idf:v${idf}`);
  });

  test('belongs to the manifest as it stands, else the component manager solves anew', () => {
    expect(field('manifest_hash')).toBe(manifestHash('main', manifest));
    expect(manifestHash('main', manifest.replace('3.0.3', '3.0.4'))).not.toBe(
      field('manifest_hash'),
    );
  });

  test('a manifest in another form than the hash is known for is refused', () => {
    expect(() => manifestHash('main', 'dependencies:\n  idf:\n    version: "5"\n')).toThrow('idf:');
  });

  test('a hash that stands on a line of its own is read', () => {
    const wrapped = committed.replace('component_hash: ', 'component_hash: \n      ');
    expect(lockedComponents(wrapped)).toEqual(lockedComponents(committed));
    expect(lockedComponents(wrapped).size).toBe(1);
  });
});

test('what is not pinned is said until it is', () => {
  const image = { ...pins.image, digest: null };
  expect(gaps({ ...pins, image }, false)).toHaveLength(2);
  expect(gaps(pins, false)).toHaveLength(1);
  expect(gaps(pins, true)).toEqual([]);
});

test('manifest and workflow name what is pinned', () => {
  expect(file('main/idf_component.yml')).toContain(`espressif/led_strip: "${PIN.version}"`);
  const workflow = file('../../.github/workflows/firmware.yml');
  expect(workflow).not.toMatch(/container: espressif/);
  expect(workflow).toContain('firmware/esp32s3/pins.json');
});
