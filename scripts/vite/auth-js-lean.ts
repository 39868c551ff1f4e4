/**
 * Vite plugin: leaves out of the page what auth-js brings for passkeys and wallets. People here
 * sign in with a password and a code: nothing of that is ever called. Works on the names of two
 * files of auth-js 2.109.0; where they are others one day, the build says so instead of growing.
 */
import type { Plugin } from 'vite';

const UNUSED = [
  '/auth-js/dist/module/lib/webauthn.js',
  '/auth-js/dist/module/lib/web3/ethereum.js',
];
/** The client makes its part for passkeys at once, and calls nothing of it. */
const STUB = 'class {}';

export function authJsLean(): Plugin {
  const seen = new Set<string>();
  return {
    name: 'jambench:auth-js-lean',
    enforce: 'pre',
    transform(code, id) {
      const file = UNUSED.find((path) => id.endsWith(path));
      if (!file) return null;
      seen.add(file);
      return { code: stubOf(code), map: null };
    },
    generateBundle() {
      const isPage = this.environment.name === 'client' && seen.size > 0;
      if (isPage && seen.size < UNUSED.length)
        throw new Error('auth-js has changed: look at scripts/vite/auth-js-lean.ts');
    },
  };
}

/** The same exports, all of one empty class. */
function stubOf(code: string): string {
  const names = [...code.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm)];
  const named = names.map(([, name]) => `export const ${name} = Unused;`);
  return [`const Unused = ${STUB};`, ...named].join('\n');
}
