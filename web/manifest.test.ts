/** What the manifest promises is there: every picture with its size, every address a page. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const PUBLIC = join(import.meta.dirname, 'public');
const WEB = import.meta.dirname;

interface Picture {
  src: string;
  sizes: string;
  type: string;
  purpose?: string;
  form_factor?: string;
  label?: string;
}

const manifest = JSON.parse(readFileSync(join(PUBLIC, 'manifest.webmanifest'), 'utf8')) as {
  id: string;
  scope: string;
  start_url: string;
  icons: Picture[];
  screenshots: Picture[];
  shortcuts: {
    name: string;
    name_localized: Record<string, string>;
    url: string;
    icons: Picture[];
  }[];
  launch_handler: { client_mode: string[] };
  theme_color: string;
};

const pictures = [
  ...manifest.icons,
  ...manifest.screenshots,
  ...manifest.shortcuts.flatMap(({ icons }) => icons),
];

test.each(pictures)('$src is there, of its type and size', ({ src, sizes, type }) => {
  const file = readFileSync(join(PUBLIC, src));
  if (type === 'image/svg+xml') {
    expect([sizes, file.toString().includes('<svg')]).toEqual(['any', true]);
    return;
  }
  expect(type).toBe('image/png');
  // PNG: signature, then IHDR with width and height, big-endian
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  expect(`${file.readUInt32BE(16)}x${file.readUInt32BE(20)}`).toBe(sizes);
});

test('what browsers ask of an app: 192, 512, a maskable one, an id, a start in scope', () => {
  const sizes = manifest.icons.map((icon) => `${icon.sizes} ${icon.purpose ?? 'any'}`);
  expect(sizes).toEqual(expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']));
  expect(manifest.id).toBe('/');
  expect(manifest.start_url.startsWith(manifest.scope)).toBe(true);
});

test('a picture for a phone and one for a computer, within what browsers show', () => {
  const shown = manifest.screenshots.map(({ form_factor, sizes, label }) => {
    const [width = 0, height = 0] = sizes.split('x').map(Number);
    const [long, short] = [Math.max(width, height), Math.min(width, height)];
    const fits = short >= 320 && long <= 3840 && long / short <= 2.3;
    return [form_factor, width < height, fits, (label ?? '') !== ''];
  });
  expect(shown).toEqual([
    ['narrow', true, true, true],
    ['wide', false, true, true],
  ]);
});

test('each shortcut leads to a page, in three languages, with an icon', () => {
  const routes = readFileSync(join(WEB, 'ui/routes.ts'), 'utf8');
  for (const { url, name, name_localized, icons } of manifest.shortcuts) {
    expect(routes, name).toContain(`pattern: '${url}'`);
    expect(Object.keys(name_localized)).toEqual(['de', 'es']);
    expect(icons.length).toBeGreaterThan(0);
  }
});

test('an app that is open is brought to the front, not loaded anew under somebody’s hands', () => {
  expect(manifest.launch_handler.client_mode[0]).toBe('focus-existing');
  expect(readFileSync(join(WEB, 'parts/beside.ts'), 'utf8')).toContain('launchQueue?.setConsumer');
});

test('the page names the manifest and an icon for the home screen of an iPhone', () => {
  const html = readFileSync(join(WEB, 'index.html'), 'utf8');
  expect(html).toContain('<link rel="manifest" href="/manifest.webmanifest">');
  const [, touch = ''] = /rel="apple-touch-icon" href="([^"]+)"/.exec(html) ?? [];
  expect(existsSync(join(PUBLIC, touch))).toBe(true);
});
