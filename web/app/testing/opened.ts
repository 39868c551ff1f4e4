/**
 * A page that has just been opened, with a unit of a {@link TestBench} on its cable: what each
 * story of preparing begins with.
 */
import type { UnitsPortal } from '../ports.ts';
import { PrepareFlow } from '../prepare.ts';
import { systemTime } from '../system-time.ts';
import { Unit } from '../unit.ts';
import { TestBackend, TestOutbox } from './backend.ts';
import type { TestBench } from './bench.ts';
import { bundleSource, testBundle } from './images.ts';

export interface OpenedOptions {
  backend?: TestBackend;
  outbox?: TestOutbox;
  /** Instead of what the backend does. */
  portal?: Partial<UnitsPortal>;
}

/** Not connected yet. The unit posts to this backend from now on. */
export function opened(bench: TestBench, options: OpenedOptions = {}) {
  const { backend = new TestBackend(), outbox = new TestOutbox() } = options;
  const portal: UnitsPortal = {
    settings: () => backend.settings(),
    unitStatus: (id) => backend.unitStatus(id),
    register: (request) => backend.register(request),
    ...options.portal,
  };
  bench.script = { post: (kind, id, hash) => backend.post(kind, id, hash), ...bench.script };
  const unit = new Unit(systemTime);
  const firmware = bundleSource(testBundle());
  const flow = new PrepareFlow({ unit, portal, outbox, firmware, time: systemTime });
  const connect = () => unit.connect(bench.unitPort());
  return { backend, outbox, unit, flow, firmware, connect };
}
