/** Debian's Chromium, and how it is started here. Knows no page. */
export const CHROMIUM = '/usr/bin/chromium';

/** Nothing but the page may go to the network; root, as in CI, has no sandbox. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
