/** The few commands of W3C WebDriver that are needed, as plain HTTP calls. Knows no browser. */
import type { Json, Key, Point } from './driver.ts';

/** Code points that stand for keys: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS: Record<Key, string> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  ArrowDown: '\uE015',
  ArrowUp: '\uE013',
  Backspace: '\uE003',
};

/** A script that takes longer hangs; WebKitGTK's IndexedDB keeps one waiting for some seconds. */
const SCRIPT_MS = 20_000;
const LOAD_MS = 30_000;

type Method = 'GET' | 'POST' | 'DELETE';

/** A session with a driver that listens at `address`. */
export class WebDriverSession {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @param capabilities what the browser must be, and how it is started */
  static async start(address: string, capabilities: Json): Promise<WebDriverSession> {
    const wanted = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await call('POST', `${address}/session`, wanted)) as {
      sessionId: string;
    };
    const session = new WebDriverSession(`${address}/session/${sessionId}`);
    await session.#post('timeouts', { script: SCRIPT_MS, pageLoad: LOAD_MS });
    return session;
  }

  async open(url: string): Promise<void> {
    await this.#post('url', { url });
  }

  /** Waits for promises, too. @throws Error with what the script threw */
  async run<A extends readonly Json[], R>(
    script: (...args: A) => R,
    ...args: A
  ): Promise<Awaited<R>> {
    const body = `const done = arguments[arguments.length - 1];
      const args = [...arguments].slice(0, -1);
      Promise.resolve().then(() => (${script})(...args))
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = (await this.#post('execute/async', { script: body, args })) as {
      value?: Awaited<R>;
      error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as Awaited<R>;
  }

  async click({ x, y }: Point): Promise<void> {
    const at = { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) };
    const button = (type: string) => ({ type, button: 0 });
    const actions = [at, button('pointerDown'), button('pointerUp')];
    const parameters = { pointerType: 'mouse' };
    await this.#post('actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters, actions }],
    });
  }

  async type(text: string | { key: Key }): Promise<void> {
    const keys = typeof text === 'string' ? [...text] : [KEYS[text.key]];
    const actions = keys.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#post('actions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#post('window/rect', { x: 0, y: 0, width, height });
  }

  async picture(): Promise<Uint8Array> {
    return Buffer.from((await call('GET', `${this.#path}/screenshot`)) as string, 'base64');
  }

  async end(): Promise<void> {
    await call('DELETE', this.#path);
  }

  #post(command: string, body: Json): Promise<unknown> {
    return call('POST', `${this.#path}/${command}`, body);
  }
}

/** @returns the answer's `value` @throws Error with the driver's words */
async function call(method: Method, url: string, body?: Json): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await answer.json()) as { value: { error?: string; message?: string } | null };
  if (answer.ok) return value;
  throw new Error(`${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
}
