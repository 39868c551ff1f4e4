/** The unit's own estimate of visits, compiled from firmware/core. Knows no crowd and no truth. */
import { compile, cppFiles } from '../firmware/cpp.ts';

const FLAGS = ['--target=wasm32-wasip1', '-std=c++20', '-O2', '-fno-exceptions', '-fno-rtti'];
const LINK_FLAGS = ['-mexec-model=reactor'];

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  start(salt: number): void;
  frame_bytes(): number;
  on_frame(size: number, rssiDbm: number, nowMs: number): void;
  tick(nowMs: number): void;
  close_period(lengthMs: number): bigint;
}

/** One unit's estimate. */
export interface Estimator {
  frame(bytes: Uint8Array, ms: number): void;
  tick(ms: number): void;
  /** Ends a period of this length. */
  close(lengthMs: number): { visits: number; people: number };
}

/** Compiles the estimate and gives a maker of fresh units. */
export async function loadEstimator(): Promise<(salt: number) => Promise<Estimator>> {
  const core = cppFiles('core', (path) => /core\/(visits|capture)\/(?!schedule)/.test(path));
  const program = core.filter((path) => path.endsWith('.cc') && !path.endsWith('_test.cc'));
  const sources = [...program, 'bench/visits_bench.cc'];
  const { wasm } = await compile({
    name: 'visits bench',
    sources,
    flags: FLAGS,
    linkFlags: LINK_FLAGS,
  });
  const module = await WebAssembly.compile(wasm);
  return async (salt) => {
    const stub = new Proxy({}, { get: () => () => 52 });
    const { exports } = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: stub });
    return wrap(exports as unknown as Exports, salt);
  };
}

function wrap(unit: Exports, salt: number): Estimator {
  unit._initialize();
  unit.start(salt);
  const at = unit.frame_bytes();
  return {
    frame(bytes, ms) {
      new Uint8Array(unit.memory.buffer).set(bytes.subarray(4), at);
      unit.on_frame(bytes.length - 4, ((bytes[1] ?? 0) << 24) >> 24, ms);
    },
    tick: (ms) => unit.tick(ms),
    close(lengthMs) {
      const both = unit.close_period(lengthMs);
      return { visits: Number(both >> 32n), people: Number(both & 0xffffffffn) / 10 };
    },
  };
}
