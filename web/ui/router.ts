/**
 * A small router on the History API: which path is which page, links stay real links. Knows no
 * element; who draws the page and moves the focus is the shell.
 */

/** A page: `:name` in the pattern takes one path segment. */
export interface Route<T> {
  pattern: string;
  page: T;
}

export interface Match<T> {
  page: T;
  params: Readonly<Record<string, string>>;
}

/** The first route that fits, or null. A trailing slash does not matter. */
export function matchRoute<T>(routes: readonly Route<T>[], path: string): Match<T> | null {
  const segments = split(path);
  for (const route of routes) {
    const params = paramsOf(split(route.pattern), segments);
    if (params) return { page: route.page, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split('/').filter((s) => s !== '');
}

function paramsOf(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = decode(segments[i] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The part of a click that decides whether the page stays. */
export interface LinkClick {
  button: number;
  modified: boolean;
  href: string | null;
  target: string;
  download: boolean;
}

/**
 * The path to go to inside the page, or null when the browser shall do what it does: another
 * origin, a new tab, a download, the Worker's own routes.
 */
export function innerPath(click: LinkClick, origin: string): string | null {
  if (click.button !== 0 || click.modified || click.download) return null;
  if (click.href === null || (click.target !== '' && click.target !== '_self')) return null;
  if (!URL.canParse(click.href, origin)) return null;
  const url = new URL(click.href, origin);
  if (url.origin !== origin) return null;
  if (/^\/(api|supabase|firmware|health)(\/|$)/.test(url.pathname)) return null;
  return url.pathname + url.search + url.hash;
}

/**
 * Where to go after signing in, from the address of the sign-in page. Only pages of ours: what the
 * browser would take for another origin (`//example.net`, `/\t/example.net`) is as good as nothing.
 */
export function nextPath(search: string, origin: string): string | null {
  const href = new URLSearchParams(search).get('next');
  if (!href?.startsWith('/')) return null;
  const path = innerPath({ button: 0, modified: false, href, target: '', download: false }, origin);
  // What is left may still be no path: /.//example.net is one of this origin, and leads away.
  return path === null || path.startsWith('//') || isSignIn(path) ? null : path;
}

const isSignIn = (path: string) => /^\/(sign-in|password)\/?([?#]|$)/.test(path);

/** The address of the sign-in page that leads back to where the person is. */
export function signInPath(path: string): string {
  const isUseful = path !== '/' && !isSignIn(path);
  return isUseful ? `/sign-in?next=${encodeURIComponent(path)}` : '/sign-in';
}

/** Goes to another address of the page; `replace` leaves the present one out of the way back. */
export type Go = (path: string, options?: { replace?: boolean }) => void;

/** Watches the address. `onChange` also runs when the person goes back or forward. */
export class Router {
  readonly #window: Window;
  #onChange: (path: string) => void = () => {};

  constructor(win: Window) {
    this.#window = win;
  }

  get path(): string {
    return this.#window.location.pathname;
  }

  /** Names the entry of the history that is shown: the same when somebody comes back to it. */
  get step(): number {
    return (this.#window.history.state as { step?: number } | null)?.step ?? 0;
  }

  /** Takes over inner links and the back button; the result stops that. */
  start(onChange: (path: string) => void): () => void {
    this.#onChange = onChange;
    const stop = new AbortController();
    const { signal } = stop;
    this.#window.addEventListener('popstate', () => onChange(this.path), { signal });
    this.#window.document.addEventListener('click', (event) => this.#onClick(event), { signal });
    return () => stop.abort();
  }

  go: Go = (path, options = {}) => {
    const { history } = this.#window;
    if (options.replace) history.replaceState(history.state, '', path);
    else history.pushState({ step: Math.random() }, '', path);
    this.#onChange(this.path);
  };

  #onClick(event: MouseEvent): void {
    if (event.defaultPrevented) return;
    // Links live in shadow roots, so the event's own target is only their host.
    const link = event.composedPath().find((n) => n instanceof HTMLAnchorElement);
    if (!link) return;
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    const { href, target } = link;
    const click = { button: event.button, modified, href, target };
    const path = innerPath(
      { ...click, download: link.hasAttribute('download') },
      this.#window.location.origin,
    );
    // A bare #fragment is the skip link's business.
    if (path === null || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(path);
  }
}
