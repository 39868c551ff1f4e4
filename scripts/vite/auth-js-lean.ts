/**
 * Vite plugin: leaves out of the page what auth-js brings for passkeys, wallets, other services'
 * accounts and administrators of a project. People here sign in with a password and a code: nothing
 * of that is ever called. Works on the text of four files of auth-js 2.109.0; where they look
 * different one day, the build says so instead of growing.
 */
import type { Plugin } from 'vite';

const FOLDER = '/auth-js/dist/module/';
/** The client makes its part for passkeys at once, and calls nothing of it. */
const EMPTY = ['lib/webauthn.js', 'lib/web3/ethereum.js'];
/** Methods that stay as names, since the client binds some of them. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  'GoTrueClient.js': [
    'signInWithSolana',
    'signInWithEthereum',
    'signInWithOtp',
    'signInWithPasskey',
    'registerPasskey',
    'signInWithSSO',
    'signInWithIdToken',
    'signInAnonymously',
    'linkIdentityIdToken',
    'linkIdentityOAuth',
    'unlinkIdentity',
    'resend',
    'getClaims',
    'fetchJwk',
    '_approveAuthorization',
    '_denyAuthorization',
    '_getAuthorizationDetails',
    '_listOAuthGrants',
    '_revokeOAuthGrant',
    '_startPasskeyRegistration',
    '_verifyPasskeyRegistration',
    '_startPasskeyAuthentication',
    '_verifyPasskeyAuthentication',
    '_listPasskeys',
    '_updatePasskey',
    '_deletePasskey',
  ],
  // what the client itself calls of it is signOut
  'GoTrueAdminApi.js': [
    'inviteUserByEmail',
    'generateLink',
    'createUser',
    'listUsers',
    'getUserById',
    'updateUserById',
    'deleteUser',
  ],
};

export function authJsLean(): Plugin {
  return {
    name: 'jambench:auth-js-lean',
    enforce: 'pre',
    // The Worker is an administrator: it invites and dismisses.
    applyToEnvironment: ({ name }) => name === 'client',
    transform(code, id) {
      const [, file = ''] = id.split(FOLDER);
      if (EMPTY.includes(file)) return { code: emptied(code), map: null };
      const names = UNUSED[file];
      return names && { code: names.reduce(without, code), map: null };
    },
  };
}

/** The same exports, all of one empty class. */
function emptied(code: string): string {
  const names = [...code.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm)];
  if (names.length === 0) throw changed();
  return ['const Unused = class {};', ...names.map(([, n]) => `export const ${n} = Unused;`)].join(
    '\n',
  );
}

/** The code with nothing in this method. */
function without(code: string, name: string): string {
  const method = new RegExp(`^ {4}(?:async )?${name}\\([^\\n]*\\) \\{\\n[^]*?^ {4}\\}\\n`, 'm');
  if (!method.test(code)) throw changed();
  return code.replace(method, `    ${name}() {}\n`);
}

const changed = () => new Error('auth-js has changed: look at scripts/vite/auth-js-lean.ts');
