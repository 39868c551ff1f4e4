/**
 * WebKitGTK's MiniBrowser through WebKitWebDriver: the nearest thing to an iPhone's engine that
 * Debian has. It wants a display, so Xvfb runs beside it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/start/ports.ts';
import type { Engine, EngineWindow, Lacking } from './driver.ts';
import { WebDriverSession } from './webdriver.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const XVFB = '/usr/bin/Xvfb';
const MINI_BROWSER = '/usr/lib/*/webkit2gtk-4.1/MiniBrowser';

/** It says by itself which display it took. */
const XVFB_ARGS = ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];

/** Either is there in half a second; two busy cores take longer. */
const START_MS = 30_000;

/** Its tool bar, and the one for downloads, would keep the window wider than a phone. */
const NARROW = `* { min-width: 0; min-height: 0; padding: 0; margin: 0 }
infobar * { font-size: 1px }`;

export function lacksWebKit(): Lacking {
  if (!existsSync(DRIVER)) return `no ${DRIVER} (Debian package webkit2gtk-driver)`;
  if (!existsSync(XVFB)) return `no ${XVFB} (Debian package xvfb)`;
  return globSync(MINI_BROWSER).length > 0 ? null : `no ${MINI_BROWSER}`;
}

export async function startWebKit(): Promise<Engine> {
  const home = mkdtempSync(join(tmpdir(), 'jambench-webkit-'));
  const running: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map(ended));
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const downloads = settle(home);
    const session = await startSession(home, running);
    return {
      window: windowOf(session),
      downloads,
      takeProblems: () => session.run(takeKept),
      close: async () => {
        await session.end().catch(() => {});
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param running gets the processes that it takes */
async function startSession(home: string, running: ChildProcess[]): Promise<WebDriverSession> {
  const x = spawn(XVFB, XVFB_ARGS, { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(x);
  const port = await freePort();
  const env = { ...process.env, ...environment(home), DISPLAY: await displayOf(x) };
  running.push(spawn(DRIVER, [`--port=${port}`], { env, stdio: 'ignore' }));
  const address = `http://127.0.0.1:${port}`;
  await reached(address);
  return await WebDriverSession.start(address, {
    'webkitgtk:browserOptions': { binary: globSync(MINI_BROWSER)[0], args: ['--automation'] },
  });
}

function environment(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local'),
    // What the page is told people read; without one it is told `C`.
    LANG: 'en_GB.UTF-8',
    // Root, as in CI, has no sandbox.
    ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }),
  };
}

/** A home of its own. @returns the folder for downloads */
function settle(home: string): string {
  const downloads = join(home, 'Downloads');
  for (const folder of [downloads, join(home, '.config', 'gtk-3.0')]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(join(home, '.config', 'user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
  writeFileSync(join(home, '.config', 'gtk-3.0', 'gtk.css'), NARROW);
  return downloads;
}

/** The one that it took, like `:3`. */
async function displayOf(x: ChildProcess): Promise<string> {
  const number = await new Promise<string>((resolve, reject) => {
    x.once('error', reject);
    x.once('exit', () => reject(new Error('Xvfb ended')));
    x.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return `:${number}`;
}

async function reached(address: string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    const isThere = await fetch(`${address}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${DRIVER} does not answer`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await end;
}

function windowOf(session: WebDriverSession): EngineWindow {
  /** The window is so much taller than what it shows. */
  let toolBar = 0;
  return {
    async open(url) {
      await session.open(url);
      // The first page gets a process of its own; a script that still went to the one before is
      // never answered.
      await session.run(keepProblems).catch(() => session.run(keepProblems));
    },
    run: (script, ...args) => session.run(script, ...args),
    click: (at) => session.click(at),
    type: (text) => session.type(text),
    async resize(width, height) {
      for (const end = Date.now() + START_MS; Date.now() < end; ) {
        await session.resize(width, height + toolBar);
        await session.run(painted);
        const shown = await session.run(() => [innerWidth, innerHeight] as const);
        if (shown[0] === width && shown[1] === height) return;
        if (shown[0] === width) toolBar += height - shown[1];
        await new Promise((settled) => setTimeout(settled, 50));
      }
      throw new Error(`no window of ${width} × ${height}`);
    },
    async picture() {
      await session.run(painted);
      return await session.picture();
    },
  };
}

/** In the page. Its driver has no log, so this hears what comes after the page is there. */
function keepProblems(): void {
  const kept: string[] = [];
  Object.assign(window, { keptProblems: kept });
  window.addEventListener('error', ({ message }) => kept.push(`exception: ${message}`));
  window.addEventListener('unhandledrejection', ({ reason }) => kept.push(`rejected: ${reason}`));
  const { error } = console;
  console.error = (...words: unknown[]) => {
    kept.push(`console: ${words.join(' ')}`);
    error(...words);
  };
}

/** In the page. */
function takeKept(): string[] {
  return (window as { keptProblems?: string[] }).keptProblems?.splice(0) ?? [];
}

/** In the page: the second frame shows what was laid out for the first. */
async function painted(): Promise<void> {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
}
