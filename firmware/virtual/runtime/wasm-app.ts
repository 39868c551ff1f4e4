/**
 * A program of the virtual board: a WebAssembly reactor with the imports of module `jambox`
 * (ABI version 1, docs/formats/wasm-abi.md) and WASI stubs that refuse. Knows no scheduler; a
 * trap comes out of `start` and `tick` as the engine's own error.
 */
import type { AppPorts, KvType, SlotPort } from './ports.ts';

/** WASI errno "function not supported". */
const ENOSYS = 52;
const KV_ABSENT = -1;
const KV_TOO_SMALL = -2;
const FAILED = -1;
const PART_NVS = 0;
/** Bits of `slot_state`. */
const SLOT_PENDING = 1;
const SLOT_WAY_BACK = 2;

interface Exports {
  memory: WebAssembly.Memory;
  _initialize?: () => void;
  app_start: () => void;
  app_tick: () => number;
}

export class WasmApp {
  readonly #exports: Exports;

  /** @throws WebAssembly errors when `program` is no module or asks for unknown imports */
  constructor(program: Uint8Array<ArrayBuffer>, ports: AppPorts) {
    const module = new WebAssembly.Module(program);
    const memory = () => this.#exports.memory;
    const instance = new WebAssembly.Instance(module, {
      jambox: jamboxImports(ports, new Memory(memory)),
      ...wasiStubs(module),
    });
    const exports = instance.exports as unknown as Exports;
    for (const name of ['memory', 'app_start', 'app_tick'] as const) {
      if (!exports[name]) throw new WebAssembly.LinkError(`the program does not export ${name}`);
    }
    this.#exports = exports;
  }

  start(): void {
    this.#exports._initialize?.();
    this.#exports.app_start();
  }

  /** One tick. @returns virtual ms until the program wants the next even if nothing happens */
  tick(): number {
    return this.#exports.app_tick();
  }
}

/** The program's memory, looked up at each access: it moves when it grows. */
class Memory {
  readonly #memory: () => WebAssembly.Memory;

  constructor(memory: () => WebAssembly.Memory) {
    this.#memory = memory;
  }

  bytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory().buffer as ArrayBuffer, pointer >>> 0, length >>> 0);
  }

  copy(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes(pointer, length).slice();
  }

  text(pointer: number, length: number): string {
    return new TextDecoder().decode(this.bytes(pointer, length));
  }

  /** Stores `data`. @returns its length */
  put(pointer: number, data: Uint8Array): number {
    this.bytes(pointer, data.length).set(data);
    return data.length;
  }
}

/** What a program may import from module `jambox`, over `ports`. */
export function jamboxImports(ports: AppPorts, memory: Memory): WebAssembly.ModuleImports {
  return {
    ...streamImports(ports, memory),
    ...storageImports(ports, memory),
    ...slotImports(ports.slots),
    uptime_ms: () => ports.uptimeMs(),
    radio_mode: (mode: number, channel: number) => ports.radioMode(mode, channel),
    radio_next: (pointer: number, capacity: number) => {
      const frame = ports.radioNext();
      return frame ? memory.put(pointer, frame.subarray(0, capacity)) : 0;
    },
    led_rgb: (r: number, g: number, b: number) => ports.led(r & 0xff, g & 0xff, b & 0xff),
    buttons: () => ports.buttons(),
    restart: () => ports.restart(),
    reset_reason: () => ports.resetReason(),
    heap_free: () => ports.heapFree(),
    heap_least: () => ports.heapLeast(),
    random: (pointer: number, length: number) => {
      memory.put(pointer, ports.random(length));
    },
    mac: (pointer: number) => {
      memory.put(pointer, ports.mac());
    },
  };
}

function streamImports(ports: AppPorts, memory: Memory): WebAssembly.ModuleImports {
  return {
    uart_write: (pointer: number, length: number) => {
      ports.uartWrite(memory.copy(pointer, length));
      return length;
    },
    uart_read: (pointer: number, capacity: number) => memory.put(pointer, ports.uartRead(capacity)),
    console_write: (pointer: number, length: number) => {
      ports.consoleWrite(memory.copy(pointer, length));
      return length;
    },
    console_read: (pointer: number, capacity: number) =>
      memory.put(pointer, ports.consoleRead(capacity)),
  };
}

function storageImports(ports: AppPorts, memory: Memory): WebAssembly.ModuleImports {
  const { slots } = ports;
  const regions = [ports.patch, ports.readings, slots.running, slots.next];
  const region = (part: number) => regions[part];
  return {
    kv_get: (
      part: number,
      key: number,
      keyLength: number,
      type: number,
      to: number,
      cap: number,
    ) => {
      const store = part === PART_NVS ? ports.nvs : ports.fctry;
      const value = store.get(memory.text(key, keyLength), type as KvType);
      if (!value) return KV_ABSENT;
      return value.length > cap ? KV_TOO_SMALL : memory.put(to, value);
    },
    kv_set: (key: number, keyLength: number, type: number, from: number, length: number) => {
      const value = memory.copy(from, length);
      return ports.nvs.set(memory.text(key, keyLength), type as KvType, value) ? 0 : FAILED;
    },
    kv_erase: (key: number, keyLength: number) => {
      if (keyLength === 0) ports.nvs.eraseAll();
      else ports.nvs.erase(memory.text(key, keyLength));
      return 0;
    },
    flash_read: (part: number, offset: number, to: number, length: number) => {
      const data = region(part)?.read(offset >>> 0, length >>> 0);
      if (!data) return FAILED;
      memory.put(to, data);
      return 0;
    },
    flash_write: (part: number, offset: number, from: number, length: number) =>
      region(part)?.write(offset >>> 0, memory.copy(from, length)) ? 0 : FAILED,
    flash_erase: (part: number, offset: number, length: number) =>
      region(part)?.erase(offset >>> 0, length >>> 0) ? 0 : FAILED,
  };
}

function slotImports(slots: SlotPort): WebAssembly.ModuleImports {
  return {
    slot_state: () =>
      (slots.pendingVerify() ? SLOT_PENDING : 0) | (slots.canGoBack() ? SLOT_WAY_BACK : 0),
    slot_set_boot: () => (slots.setBootNext() ? 0 : FAILED),
    slot_confirm: () => (slots.confirm() ? 0 : FAILED),
  };
}

/** Every WASI function the module imports, each refusing; `proc_exit` is a crash. */
function wasiStubs(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function' || !from.startsWith('wasi_')) continue;
    imports[from] ??= {};
    imports[from][name] = () => {
      if (name === 'proc_exit') throw new WebAssembly.RuntimeError('proc_exit');
      return ENOSYS;
    };
  }
  return imports;
}
