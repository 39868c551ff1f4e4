/**
 * One engine, one person at it, and a server that can be taken away: what all stories of a file
 * share, in order. Knows no story.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/start/options.ts';
import type { DemoRole } from '../../scripts/start/secrets.ts';
import { FaultyProxy } from '../testing/faulty-proxy.ts';
import { signIn } from '../testing/stack.ts';
import type { Engine } from './driver.ts';
import type { EngineKind } from './engines.ts';
import { Visit } from './visit.ts';

const PICTURES = join(ROOT, 'test-results', 'engines');
const PHONE = [390, 844] as const;
const LAPTOP = [1440, 900] as const;

/** What an engine itself writes of a request without answer, over 399, or left behind. */
export const FAILED_REQUEST =
  /Failed to load|NetworkError|Cross-Origin Request Blocked|access control|error loading dynamic/;

/** A list that measures its rows: the rest of them is told of in the next frame. */
const MEASURED_LATER = /ResizeObserver loop completed with undelivered notifications/;

export class Scene {
  readonly kind: EngineKind;
  readonly between = new FaultyProxy();
  #engine: Engine | undefined;
  #person: Visit | undefined;

  constructor(kind: EngineKind) {
    this.kind = kind;
  }

  get person(): Visit {
    if (!this.#person) throw new Error('nobody has come yet');
    return this.#person;
  }

  async begin(): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    this.#engine = await this.kind.start();
    this.#person = new Visit(this.#engine, await this.between.start());
    await this.#engine.window.resize(...PHONE);
  }

  async end(): Promise<void> {
    this.between.stop();
    await this.#engine?.close();
  }

  /** Nothing went wrong on the page since the last look, but what is allowed. */
  async expectProblems(allowed = /^$/): Promise<void> {
    const all = (await this.#engine?.takeProblems()) ?? [];
    const wrong = all.filter((line) => !allowed.test(line) && !MEASURED_LATER.test(line));
    expect(wrong).toEqual([]);
  }

  async signInAs(role: DemoRole, next: string): Promise<void> {
    const { email, password } = signIn(role);
    await this.person.open(`/sign-in?next=${next}`);
    await this.person.fill('E-mail', email);
    await this.person.fill('Password', password);
    await this.person.press('Sign in');
  }

  async pictures(of: string): Promise<void> {
    for (const [width, height] of [LAPTOP, PHONE]) {
      const file = join(PICTURES, `${this.kind.name}-${of}-${width}.png`);
      writeFileSync(file, await this.person.picture(width, height));
    }
  }
}

/** For the stories of one `describe`: one after the other, with one person. */
export function sceneOf(kind: EngineKind): Scene {
  const lacking = kind.lacking();
  test.skip(lacking !== null, lacking ?? '');
  test.describe.configure({ mode: 'serial' });
  const scene = new Scene(kind);
  test.beforeAll(() => scene.begin());
  test.afterAll(() => scene.end());
  test.afterEach(() => scene.expectProblems());
  return scene;
}
