/** How the programs of the virtual board are compiled. Knows no image and no bundle. */
import { type CppJob, cppFiles } from './cpp.ts';

export type App = 'provisioning' | 'jambox';

/** Size before speed: the image goes over a serial line, and counting needs little. */
const FLAGS = [
  '--target=wasm32-wasip1',
  '-std=c++20',
  '-Oz',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-threadsafe-statics',
  '-Wall',
  '-Wextra',
  '-Werror',
];
const LINK_FLAGS = [
  '-mexec-model=reactor',
  '-Wl,--gc-sections',
  // A stack that overflows traps instead of writing into data.
  '-Wl,--stack-first',
];

/** `app` for the virtual board; with `names` its functions keep theirs, for measuring. */
export function appJob(app: App, { names = false } = {}): CppJob {
  const isProgram = (path: string) => path.endsWith('.cc') && !path.endsWith('_test.cc');
  const core = cppFiles('core', isProgram);
  const own = cppFiles(`apps/${app}`, isProgram);
  const platform = ['apps/wasm/abort.cc', 'apps/wasm/platform.cc', `apps/wasm/${app}_main.cc`];
  const linkFlags = names ? LINK_FLAGS : [...LINK_FLAGS, '-Wl,--strip-all'];
  return { name: app, sources: [...core, ...own, ...platform], flags: FLAGS, linkFlags };
}
