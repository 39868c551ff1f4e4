/**
 * The programs of Debian that the tests need beside Node: installed when this is root on Debian (as
 * in CI), otherwise named. Knows nothing of the tests.
 */
import { existsSync } from 'node:fs';
import { run } from './run.ts';

const PACKAGES = [
  'chromium',
  // Web Serial in the Firefox that people have
  'firefox-esr',
  'fonts-dejavu-core',
  'g++',
  // libFuzzer for the firmware's parsers: 113 MB; without them our own driver does less
  'clang-14',
  'libclang-rt-14-dev',
  'umockdev',
  'python3-gi',
  'gir1.2-umockdev-1.0',
  // grants and row rules of Supabase's tables on the server that hosted projects run
  'postgresql',
];

/** Prints what it does; a package that cannot be had is a sentence, and its tests are skipped. */
export async function ensurePackages(): Promise<void> {
  if (!existsSync('/etc/debian_version')) {
    console.log(`Not Debian: tests that need one of ${PACKAGES.join(', ')} may be skipped.`);
    return;
  }
  const missing = await missingPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    console.log(`Missing: sudo apt-get install ${missing.join(' ')}`);
    return;
  }
  console.log(`Installing ${missing.join(' ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const updated = await run('apt-get', ['update', '-q'], env);
  const installed = await run('apt-get', install, env);
  if (installed.code === 0) return;
  console.log((updated.output + installed.output).split('\n').slice(-15).join('\n'));
  console.log('apt-get failed; tests that need these packages are skipped.');
}

async function missingPackages(): Promise<string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = '${db:Status-Status} ${Package}\n';
  const { output } = await run('dpkg-query', ['-W', '-f', format]);
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
  return PACKAGES.filter((name) => !installed.has(name));
}
