/**
 * One Vite for page and Worker: the page's root is web/, the Worker runs in workerd through
 * Cloudflare's plugin, the service worker gets its precache list. Knows no page and no route; what
 * the Worker binds is said in wrangler.toml.
 */
import { resolve } from 'node:path';
import { cloudflare } from '@cloudflare/vite-plugin';
import { defineConfig, type PluginOption } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { authJsLean } from './scripts/vite/auth-js-lean.ts';
import { esptoolS3Only } from './scripts/vite/esptool-s3-only.ts';
import { firmwareList } from './scripts/vite/firmware-list.ts';
import { frontDoor } from './scripts/vite/front-door.ts';
import { noteBundled } from './scripts/vite/licences.ts';
import { opening } from './scripts/vite/opening.ts';
import { pageTexts } from './scripts/vite/texts.ts';

const here = import.meta.dirname;
const port = Number(process.env.PORT ?? 5170);
const supabasePort = Number(process.env.JAMBENCH_SUPABASE_PORT ?? 54321);

/** Vitest reads this file too, and needs neither workerd nor a service worker. */
const underTest = process.env.VITEST !== undefined;

function plugins(dev: boolean): PluginOption[] {
  if (underTest) return [];
  return [
    ...frontDoor(supabasePort),
    authJsLean(),
    esptoolS3Only(),
    pageTexts(here),
    opening(),
    noteBundled(here, 'page'),
    firmwareList(resolve(here, 'web/public')),
    cloudflare({
      // Staging has a file of its own (docs/drills.md).
      configPath: resolve(here, process.env.JAMBENCH_WRANGLER ?? 'wrangler.toml'),
      // Where `wrangler d1 migrations apply --local` keeps its database, too.
      persistState: { path: process.env.JAMBENCH_STATE ?? resolve(here, '.wrangler/state') },
      inspectorPort: false,
      // Sources are Vite's to serve, and so is the page's folder web/api/, as /api/*.ts.
      config: (config) => {
        if (!dev) return;
        config.assets = {
          ...config.assets,
          run_worker_first: ['/api/*', '/health', '!/api/*.ts'],
        };
        // The secrets' list is production's: beyond it, .dev.vars would be left out.
        delete config.secrets;
      },
    }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'sw',
      filename: 'sw.ts',
      injectRegister: false,
      manifest: false,
      // Workbox is bundled by a build of its own.
      injectManifest: {
        buildPlugins: { vite: [noteBundled(here, 'service-worker')] },
        globPatterns: ['**/*.{html,js,css,svg,webmanifest}', 'icons/*.png'],
        // Firmware is kept on first use.
        globIgnores: ['firmware/**'],
        // Their names carry a hash already.
        dontCacheBustURLsMatching: /^assets\//,
      },
    }),
  ];
}

/** Stubs are told from the chips' classes, which have the same names. */
function chunkName({ facadeModuleId }: { facadeModuleId: string | null }): string {
  const stub = facadeModuleId?.includes('/stub_flasher/') ? 'stub-' : '';
  return `assets/${stub}[name]-[hash].js`;
}

export default defineConfig(({ command, isPreview }) => ({
  root: resolve(here, 'web'),
  envDir: here,
  plugins: plugins(command === 'serve' && !isPreview),
  // Everything is of one origin, and units' answers have no room for `Vary`.
  server: { port, strictPort: true, host: '127.0.0.1', cors: false },
  worker: { format: 'es', plugins: () => [noteBundled(here, 'page-worker')] },
  environments: {
    client: {
      build: {
        // The budget (scripts/build/budget.ts) counts with it.
        manifest: true,
        rolldownOptions: { output: { chunkFileNames: chunkName } },
      },
    },
  },
  build: {
    outDir: resolve(here, 'dist'),
    emptyOutDir: true,
    target: 'es2023',
    // What is inlined would need `data:` in the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}));
