/**
 * The programs of Debian that the tests need beside Node: installed when this is root on Debian (as
 * in CI), otherwise named. Knows nothing of the tests.
 */
import { existsSync } from 'node:fs';
import { run } from './run.ts';

/** Debian's name → what it is for, said before it is installed. */
const PACKAGES: Record<string, string> = {
  chromium: 'the browser of the end-to-end tests',
  'firefox-esr': 'Web Serial in the Firefox that people have',
  'webkit2gtk-driver': 'the engine of iPhones, nearly, and what drives it',
  xvfb: 'the screen that it wants',
  'fonts-dejavu-core': 'letters in their pictures',
  'g++': "the firmware's host tests",
  cmake: 'the same',
  'ninja-build': 'the same',
  // 113 MB; without them our own driver does less
  'clang-14': "libFuzzer for the firmware's parsers",
  'libclang-rt-14-dev': "libFuzzer for the firmware's parsers",
  'clang-format-14': "the style of the firmware's C++",
  'clang-tidy-14': "mistakes that it knows in the firmware's C++",
  umockdev: 'units on a USB port that does not exist',
  'python3-gi': 'the same',
  'gir1.2-umockdev-1.0': 'the same',
  postgresql: "Supabase's grants and row rules on the server that hosted projects run",
};

/**
 * Prints what it does and why; a package that cannot be had is a sentence, and its tests are
 * skipped.
 * @param install false: the machine is left as it is
 */
export async function ensurePackages(install: boolean): Promise<void> {
  const names = Object.keys(PACKAGES);
  if (!existsSync('/etc/debian_version')) {
    console.log(`Not Debian: tests that need one of ${names.join(', ')} may be skipped.`);
    return;
  }
  const missing = await missingPackages();
  if (missing.length === 0) return;
  const may = install && process.getuid?.() === 0;
  console.log(may ? 'Installing with apt-get:' : 'Not here, so some tests are skipped:');
  for (const name of missing) console.log(`  ${name.padEnd(20)} ${PACKAGES[name]}`);
  if (!may) {
    console.log(`sudo apt-get install ${missing.join(' ')}`);
    return;
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '--no-install-recommends', ...missing];
  const updated = await run('apt-get', ['update', '-q'], env);
  const installed = await run('apt-get', args, env);
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
  return Object.keys(PACKAGES).filter((name) => !installed.has(name));
}
