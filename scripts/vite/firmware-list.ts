/**
 * Vite plugin: writes the list of the firmware bundles that this build serves, so that the page
 * asks for no bundle that nobody has packed. Knows no image.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { BUNDLE_LIST, type BundleList, TARGETS } from '../../shared/esp/manifest.ts';

/** @param publicDir folder whose `firmware/<target>/` are served as they are */
export function firmwareList(publicDir: string): Plugin {
  const address = `firmware/${BUNDLE_LIST}`;
  return {
    name: 'jambench:firmware-list',
    configureServer: ({ middlewares }) =>
      void middlewares.use((req, res, next) => {
        if (req.url?.split('?')[0] !== `/${address}`) return next();
        res.setHeader('Content-Type', 'application/json');
        res.setHeader('Cache-Control', 'no-cache');
        res.end(listText(publicDir));
      }),
    generateBundle() {
      if (this.environment.name !== 'client') return;
      this.emitFile({ type: 'asset', fileName: address, source: listText(publicDir) });
    },
  };
}

/** `{"bundles":["virtual"]}`: every target whose bundle lies under `publicDir`, packed whole. */
export function listText(publicDir: string): string {
  const bundles = TARGETS.filter((target) =>
    existsSync(join(publicDir, 'firmware', target, 'manifest.json')),
  );
  return `${JSON.stringify({ bundles } satisfies BundleList)}\n`;
}
