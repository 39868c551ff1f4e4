/**
 * Functions that run in the page, in any engine: how a person or a screen reader finds something,
 * through all shadow roots. Each stands alone, for it is sent there as text. Knows no page.
 */

/** What is looked for: a role, what it is called, and which one of several. */
export interface Wanted {
  /** As ARIA has it; `date` and `time` for such fields, which have none. */
  role: string;
  name: string;
}

/** What {@link locate} says of an element. */
export interface Found {
  /** Its middle, in pixels of the viewport. */
  x: number;
  y: number;
  /** Something else lies above it. */
  isCovered: boolean;
  isDisabled: boolean;
}

/**
 * Scrolls to it and says where it is; null while there is none that can be seen.
 * `action` is done on the element itself: what only the engine's own pickers can do otherwise.
 */
export async function locate(
  wanted: { role: string; name: string },
  action: { do: 'nothing' } | { do: 'choose' | 'date' | 'focus'; value: string },
): Promise<Found | null> {
  const roles: Record<string, string> = {
    ...{ a: 'link', button: 'button', summary: 'button', select: 'combobox', table: 'table' },
    ...{ checkbox: 'checkbox', radio: 'radio', date: 'date', time: 'time', submit: 'button' },
  };
  const roleOf = (element: Element): string => {
    const own = element.getAttribute('role');
    if (own) return own;
    if (/^h[1-6]$/.test(element.localName)) return 'heading';
    if (element instanceof HTMLInputElement) return roles[element.type] ?? 'textbox';
    return roles[element.localName] ?? '';
  };
  const words = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  const nameOf = (element: Element): string => {
    const said = element.getAttribute('aria-label');
    if (said) return words(said);
    const label = (element as HTMLInputElement).labels?.[0];
    if (!label) return words(element.textContent);
    // a field within its label is no part of what it is called
    const parts = [...label.childNodes].filter(
      (part) => part.nodeType !== Node.COMMENT_NODE && !part.contains(element),
    );
    return words(parts.map(({ textContent }) => textContent).join(''));
  };
  const roots: (Document | ShadowRoot)[] = [document];
  let found: HTMLElement | null = null;
  for (let root = roots.shift(); root && !found; root = roots.shift()) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (roleOf(element) !== wanted.role || nameOf(element) !== wanted.name) continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      found = element as HTMLElement;
      break;
    }
  }
  if (!found) return null;
  found.scrollIntoView({ block: 'center', behavior: 'instant' });
  await new Promise((frame) => requestAnimationFrame(frame));
  if (action.do === 'focus') found.focus();
  if (action.do === 'choose') {
    const options = [...(found as HTMLSelectElement).options];
    const option = options.find(({ label, value }) => [label, value].includes(action.value));
    if (!option) return null;
    option.selected = true;
  }
  if (action.do === 'date') (found as HTMLInputElement).value = action.value;
  if (action.do === 'choose' || action.do === 'date') {
    found.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    found.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const box = found.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let top = document.elementFromPoint(x, y);
  while (top?.shadowRoot) {
    const deeper: Element | null = top.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === top) break;
    top = deeper;
  }
  const disabled = (found as HTMLButtonElement).disabled === true;
  const isDisabled = disabled || found.getAttribute('aria-disabled') === 'true';
  return { x, y, isCovered: !(top && (found.contains(top) || top === found)), isDisabled };
}

/** All that can be read on the page, a line for each block. */
export function readAll(): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? '');
    if (node instanceof Element) {
      if (node.matches('style, script, noscript')) return;
      if (!node.checkVisibility({ visibilityProperty: true })) return;
    }
    const isBlock = node instanceof Element && !/inline/.test(getComputedStyle(node).display);
    if (isBlock) parts.push('\n');
    const root = node instanceof Element ? node.shadowRoot : null;
    for (const child of (root ?? node).childNodes) walk(child);
    if (node instanceof HTMLSlotElement) for (const child of node.assignedNodes()) walk(child);
    if (isBlock) parts.push('\n');
  };
  walk(document.body);
  return parts
    .join('')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
    .join('\n');
}

/** What the first element with this test id says, null when there is none. */
export function textOf(testId: string): string | null {
  const roots: (Document | ShadowRoot)[] = [document];
  for (let root = roots.shift(); root; root = roots.shift()) {
    const found = root.querySelector(`[data-testid="${testId}"]`);
    if (found) return (found.textContent ?? '').replace(/\s+/g, ' ').trim();
    for (const { shadowRoot } of root.querySelectorAll('*')) {
      if (shadowRoot) roots.push(shadowRoot);
    }
  }
  return null;
}

/** What has the focus, within whatever shadow roots: its label, or what it says. */
export function focused(): string {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const label = (at as HTMLInputElement | null)?.labels?.[0]?.textContent;
  const said = at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? '';
  return said.replace(/\s+/g, ' ').trim();
}

/** Whether every chart is as wide as its place: they take to a new width a moment later. */
export function areChartsWide(): boolean {
  const roots: (Document | ShadowRoot)[] = [document];
  for (let root = roots.shift(); root; root = roots.shift()) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      const isOfChart = root instanceof ShadowRoot && root.host.localName.startsWith('jb-chart-');
      if (!(element instanceof HTMLCanvasElement) || !element.parentElement || !isOfChart) continue;
      if (Math.abs(element.clientWidth - element.parentElement.clientWidth) > 1) return false;
    }
  }
  return true;
}

/** By how much the page is wider than its window. */
export function tooWide(): number {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
}

/** Which of these words the browser keeps of whoever was here: storage, IndexedDB, caches. */
export async function kept(secrets: readonly string[]): Promise<string[]> {
  const all: string[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name ?? '');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      for (const asking of [rows.getAll(), rows.getAllKeys()]) {
        all.push(
          await new Promise<string>((resolve, reject) => {
            asking.onsuccess = () => resolve(JSON.stringify(asking.result));
            asking.onerror = () => reject(asking.error);
          }),
        );
      }
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) all.push(url);
  }
  return secrets.filter((secret) => all.some((text) => text.includes(secret)));
}

/** Nothing has been fetched for a while: a page that is left earlier calls off what it fetches. */
export async function fetchedAll(): Promise<void> {
  const fetched = () => performance.getEntriesByType('resource').length;
  for (let before = -1; before !== fetched(); ) {
    before = fetched();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The service worker holds the page from now on. */
export async function keptByBrowser(): Promise<void> {
  const { serviceWorker } = navigator;
  await serviceWorker.ready;
  if (serviceWorker.controller) return;
  await new Promise((done) => serviceWorker.addEventListener('controllerchange', done));
}
