import { decodeQR } from 'qr/decode.js';
import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './labels-page.ts';

afterEach(() => history.replaceState(null, '', '/'));

async function labels(units: string, role: Parameters<typeof signedIn>[0] = 'installer') {
  history.replaceState(null, '', `/labels?units=${units}`);
  const setPin = vi.fn(async (id: string, _label: { pin: string; secret: string }) => {
    if (id === 'JBNB0666') throw new AppError('not_found', 'There is no such unit.');
  });
  const { session } = signedIn(role);
  const element = await mount('jb-labels-page', { setPin, session });
  await settled(element);
  const make = async () => {
    await page.getByRole('button', { name: 'Make labels' }).click();
    await settled(element);
  };
  const drawn = () => [...(element.shadowRoot?.querySelectorAll('jb-unit-label') ?? [])];
  return { element, setPin, make, drawn };
}

/** What a camera would read of a label on the page. */
async function scanned(label: Element): Promise<string> {
  const svg = label.shadowRoot?.querySelector('svg')?.cloneNode(true) as SVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const image = new Image(400, 400);
  const blob = new Blob([svg.outerHTML], { type: 'image/svg+xml' });
  image.src = URL.createObjectURL(blob);
  await image.decode();
  const canvas = new OffscreenCanvas(400, 400).getContext('2d')!;
  canvas.fillStyle = '#fff';
  canvas.fillRect(0, 0, 400, 400);
  canvas.drawImage(image, 0, 0, 400, 400);
  return decodeQR(canvas.getImageData(0, 0, 400, 400));
}

test('each unit gets a label whose code leads to its page with the secret', async () => {
  const { element, setPin, make, drawn } = await labels('JBNB0001,JBNB0002');
  await make();
  expect(drawn()).toHaveLength(2);
  expect(element.shadowRoot?.querySelector('jb-notice')?.headline).toBe('Made: 2 labels');
  for (const [i, label] of drawn().entries()) {
    const [id, { pin, secret }] = setPin.mock.calls[i]!;
    expect(label.shadowRoot?.textContent).toContain(id);
    expect(label.shadowRoot?.textContent).toContain(pin);
    expect(await scanned(label)).toBe(`${location.origin}/activate/${id}#${secret}`);
  }
});

test('a label is 50 × 30 mm, whatever the page looks like', async () => {
  const { make, drawn } = await labels('JBNB12345678');
  await make();
  const { width, height } = drawn()[0]!.getBoundingClientRect();
  const mm = 96 / 25.4;
  expect(width / mm).toBeCloseTo(50, 1);
  expect(height / mm).toBeCloseTo(30, 1);
  for (const part of drawn()[0]!.shadowRoot!.querySelectorAll('p')) {
    expect(part.scrollWidth).toBeLessThanOrEqual(part.clientWidth);
  }
});

test('a unit that gets none is named, and the others have theirs', async () => {
  const { element, make, drawn } = await labels('JBNB0001,JBNB0666');
  await make();
  expect(drawn()).toHaveLength(1);
  expect(text(element)).toContain('No label for JBNB0666');
});

test('ids are typed as people type them; a wrong one is named, and nothing is made', async () => {
  const { element, setPin, make, drawn } = await labels('');
  await make();
  expect(text(element)).toContain('Type the id of at least one unit.');
  const field = page.getByLabelText('Units');
  await field.fill('jbnb0001\n2; JBNB');
  await make();
  expect(text(element)).toContain('“JBNB” is no device id.');
  expect(setPin).not.toHaveBeenCalled();
  await field.fill('jbnb0001\n2, JBNB0002');
  await make();
  expect(setPin.mock.calls.map(([id]) => id)).toEqual(['JBNB0001', 'JBNB0002']);
  expect(drawn()).toHaveLength(2);
});

test('for a label printer each label is a page, until the page is left', async () => {
  const { element, make } = await labels('JBNB0001');
  const before = document.adoptedStyleSheets.length;
  await page.getByLabelText('A label printer, 50 × 30 mm').click();
  await make();
  expect(document.adoptedStyleSheets).toHaveLength(before + 1);
  expect(document.adoptedStyleSheets.at(-1)?.cssRules[0]?.cssText).toContain('50mm 30mm');
  element.remove();
  expect(document.adoptedStyleSheets).toHaveLength(before);
});

test.each(['owner', 'staff', null] as const)('%s is told who makes labels', async (role) => {
  const { element } = await labels('JBNB0001', role);
  await expect.element(page.getByRole('button', { name: 'Make labels' })).not.toBeInTheDocument();
  expect(text(element)).toContain('installer');
});
