import { html, LitElement } from 'lit';
import { expect, test, vi } from 'vitest';
import { ObservableValue } from '../../app/observable.ts';
import { change, drawn, focused, mount, text } from '../testing/mount.ts';
import { FocusController } from './focus.ts';
import { ObservableController } from './observable.ts';
import { OnlineController } from './online.ts';

/** Shows a value that it is given, and a button while there is something to press. */
class Probe extends LitElement {
  static override properties = { source: { attribute: false }, hasButton: { type: Boolean } };
  declare source: ObservableValue<string> | undefined;
  declare hasButton: boolean;
  readonly changes: boolean[] = [];
  draws = 0;
  readonly online = new OnlineController(this, (online) => this.changes.push(online));

  constructor() {
    super();
    this.hasButton = true;
    new FocusController(this);
    new ObservableController(this, () => this.source);
  }

  protected override render() {
    this.draws++;
    return html`<h1 tabindex="-1">${this.source?.value ?? 'none'}</h1>
      ${this.hasButton ? html`<button>Press</button>` : ''}<input>`;
  }
}
customElements.define('test-probe', Probe);
declare global {
  interface HTMLElementTagNameMap {
    'test-probe': Probe;
  }
}

const inner = (probe: Probe, tag: string) => probe.shadowRoot?.querySelector<HTMLElement>(tag);

test('ObservableController redraws with the value, also a later or another one', async () => {
  const probe = await mount('test-probe');
  expect(text(probe)).toContain('none');
  const [first, second] = [new ObservableValue('a'), new ObservableValue('x')];
  await change(probe, { source: first });
  first.set('b');
  await drawn(probe);
  expect(text(probe)).toContain('b');
  await change(probe, { source: second });
  const { draws } = probe;
  first.set('c');
  await drawn(probe);
  expect([text(probe), probe.draws]).toEqual([expect.stringContaining('x'), draws]);
});

test('ObservableController lets go of an element that leaves, and follows again', async () => {
  const source = new ObservableValue('a');
  const probe = await mount('test-probe', { source });
  probe.remove();
  const { draws } = probe;
  source.set('b');
  await drawn(probe);
  expect(probe.draws).toBe(draws);
  document.body.append(probe);
  source.set('c');
  await drawn(probe);
  expect(text(probe)).toContain('c');
});

test('FocusController: the heading has it when what had it is gone', async () => {
  const probe = await mount('test-probe');
  inner(probe, 'button')?.focus();
  await change(probe, { hasButton: false });
  expect(focused()).toBe(inner(probe, 'h1'));
});

test('FocusController leaves it where it is, and takes it from nobody', async () => {
  const probe = await mount('test-probe');
  inner(probe, 'input')?.focus();
  await change(probe, { hasButton: false });
  expect(focused()).toBe(inner(probe, 'input'));
  inner(probe, 'input')?.blur();
  await change(probe, { hasButton: true });
  expect(focused()).toBeNull();
});

test('Online says what the browser says, when it says so, and only while shown', async () => {
  const isOnline = vi.spyOn(navigator, 'onLine', 'get');
  const probe = await mount('test-probe');
  const { draws } = probe;
  isOnline.mockReturnValue(false);
  window.dispatchEvent(new Event('offline'));
  await drawn(probe);
  expect([probe.online.online, probe.changes, probe.draws]).toEqual([false, [false], draws + 1]);
  isOnline.mockReturnValue(true);
  window.dispatchEvent(new Event('online'));
  expect(probe.changes).toEqual([false, true]);
  probe.remove();
  window.dispatchEvent(new Event('offline'));
  expect(probe.changes).toEqual([false, true]);
  isOnline.mockRestore();
});
