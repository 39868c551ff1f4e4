/**
 * Everything that `npm start` runs, in order: firmware bundle, page, database, Supabase, people,
 * seed, server, five-minute job. The composition root of the development stack; knows no terminal.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './children.ts';
import { oneTimeKey, startCron } from './cron.ts';
import { migrateD1 } from './d1.ts';
import { ROOT, type StartOptions } from './options.ts';
import { buildFirmware, buildPage, startPage } from './page.ts';
import { requireFreePort } from './ports.ts';
import { keepPrivate } from './private.ts';
import { type DevSecrets, loadSecrets } from './secrets.ts';
import { seedOnce } from './seed.ts';
import { startSupabase } from './supabase.ts';

export interface Stack {
  /** Where to click. */
  url: string;
  secrets: DevSecrets;
  /** Resolves with the child that ended by itself, should one do so. */
  lost: Promise<Child>;
  stop(): Promise<void>;
}

/** Tells of a stage that begins, or of something worth a sentence. */
export type Log = (sentence: string) => void;

/** @throws AppError in words for people; nothing is left running then */
export async function startStack(options: StartOptions, log: Log): Promise<Stack> {
  await requireFreePort(options.port, '--port');
  await requireFreePort(options.supabasePort, '--supabase-port');
  const children: Child[] = [];
  let stopCron = () => {};
  const stop = async () => {
    stopCron();
    // the page first: nobody then asks the others in vain
    for (const child of children.splice(0).reverse()) await child.stop();
  };
  try {
    const state = stateFolder(options);
    if (options.reset) forgetData(options, state);
    // D1 has hashes of tokens and people's addresses; beside it wrangler keeps copies of settings.
    keepPrivate(options.data, state, join(ROOT, '.wrangler'));
    const secrets = loadSecrets(options.data);
    await build(options, log);
    const url = `http://localhost:${options.port}`;
    const { data } = options;
    log('Starting the embedded Supabase …');
    await migrateD1(state);
    const { supabasePort, signUp } = options;
    const supabaseOptions = { port: supabasePort, data, secrets, site: url, signUp, log };
    children.push(await startSupabase(supabaseOptions));
    await seedOnce(options, secrets, state, log);
    log('Starting page and Worker …');
    const cronKey = oneTimeKey();
    children.push(await startPage({ ...options, state, secrets, cronKey }));
    stopCron = startCron(`http://127.0.0.1:${options.port}`, cronKey, log);
    const lost = Promise.race(children.map((child) => child.ended.then(() => child)));
    return { url, secrets, lost, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(options: StartOptions, log: Log): Promise<void> {
  const begin = Date.now();
  log('Building the virtual firmware …');
  await buildFirmware();
  if (options.dev) return;
  log('Building the page …');
  if (await buildPage()) log(`Built in ${((Date.now() - begin) / 1000).toFixed(0)} s.`);
}

/** The default is where Vite's dev server looks, too, so that both modes show the same data. */
function stateFolder(options: StartOptions): string {
  const isDefault = options.data === join(ROOT, '.jambench');
  return isDefault || options.dev ? join(ROOT, '.wrangler', 'state') : join(options.data, 'state');
}

function forgetData(options: StartOptions, state: string): void {
  for (const folder of [
    state,
    ...['supabase', 'seeded', 'mails'].map((name) => join(options.data, name)),
  ])
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
