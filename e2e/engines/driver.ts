/**
 * What a story needs of a browser, whichever engine it is: one window in a profile of its own.
 * Knows no page and no engine; puppeteer.ts and webkit.ts are the two ways to have one.
 */

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** What can go into a page and come back. */
export type Json =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Json[]
  | { readonly [name: string]: Json };

/** A key that is no letter. */
export type Key = 'Tab' | 'Enter' | 'Escape' | 'ArrowDown' | 'ArrowUp' | 'Backspace';

/** Pixels of the viewport. */
export interface Point {
  x: number;
  y: number;
}

/** What happens in it is what happens for a person: real clicks, real keys, real files. */
export interface EngineWindow {
  /** Resolves when the document is there. */
  open(url: string): Promise<void>;
  /** Runs in the page: a function that uses nothing from outside. @returns what it resolves with */
  run<A extends readonly Json[], R>(script: (...args: A) => R, ...args: A): Promise<Awaited<R>>;
  /** Presses and lets go what is at this point. */
  click(at: Point): Promise<void>;
  /** Into what has the focus. */
  type(text: string | { key: Key }): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** A PNG of what the window shows. */
  picture(): Promise<Uint8Array>;
}

/** A browser that was started. */
export interface Engine {
  window: EngineWindow;
  /** Where it puts what is downloaded, without asking. */
  downloads: string;
  /** Exceptions and errors on the console so far; forgets them. */
  takeProblems(): Promise<string[]>;
  close(): Promise<void>;
}

/** Why it cannot be started here: which Debian package is missing; null when it can. */
export type Lacking = string | null;
