/**
 * A backend for tests that keeps the portal's rules (conflict, replace, first contact) in memory
 * and can be made unreachable or refuse, and an outbox that keeps nothing beyond the test.
 */
import type { RegisterRequest, UnitStatus } from '../../../shared/contracts/portal.ts';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import type { Outbox, OutboxEntry, UnitsPortal } from '../ports.ts';

interface Known extends RegisterRequest {
  heartbeatAt: string | null;
  readingAt: string | null;
}

export class TestBackend implements UnitsPortal {
  /** Fails every call of this kind with this code. */
  failing: Partial<Record<'settings' | 'unitStatus' | 'register' | 'post', ErrorCode>> = {};
  readonly units = new Map<string, Known>();

  settings() {
    return this.#answer('settings', {
      supabase_url: '',
      supabase_anon_key: '',
      device_host: 'ingest.example.net',
      device_port: 80,
      modem_apn: 'hologram',
      modem_bands: '2,4,12,13,66',
      environment: 'development' as const,
    });
  }

  unitStatus(deviceId: string) {
    return this.#answer('unitStatus', this.#status(deviceId));
  }

  async register(request: RegisterRequest) {
    await this.#answer('register', null);
    const old = this.units.get(request.device_id);
    if (old && old.token_sha256 !== request.token_sha256 && !request.replace) {
      throw new AppError('conflict', `${request.device_id} is registered with another token.`);
    }
    this.units.set(request.device_id, { ...request, heartbeatAt: null, readingAt: null });
    return this.#status(request.device_id);
  }

  /** A post of a unit: HTTP status. */
  post(kind: 'heartbeat' | 'reading', id: string, tokenSha256: string): number {
    if (this.failing.post) return 0;
    const unit = this.units.get(id);
    if (unit?.token_sha256 !== tokenSha256) return 401;
    if (kind === 'heartbeat') unit.heartbeatAt ??= '2026-01-28T12:00:00Z';
    else unit.readingAt ??= '2026-01-28T12:00:05Z';
    return 200;
  }

  #status(deviceId: string): UnitStatus {
    const unit = this.units.get(deviceId);
    return {
      device_id: deviceId,
      registered: unit !== undefined,
      mac: unit?.mac ?? null,
      status: unit ? 'active' : null,
      location_id: null,
      registered_at: null,
      first_heartbeat_at: unit?.heartbeatAt ?? null,
      first_reading_at: unit?.readingAt ?? null,
      last_seen_at: null,
      firmware: unit?.firmware ?? null,
    };
  }

  #answer<T>(call: 'settings' | 'unitStatus' | 'register', value: T): Promise<T> {
    const code = this.failing[call];
    if (code === undefined) return Promise.resolve(value);
    return Promise.reject(new AppError(code, `made to fail: ${code}`));
  }
}

export class TestOutbox implements Outbox {
  entries: OutboxEntry[] = [];

  /** Set: nothing more can be kept. */
  full = false;

  makeRoom(): Promise<void> {
    return this.full ? Promise.reject(new AppError('storage_full', 'full')) : Promise.resolve();
  }

  add(request: RegisterRequest): Promise<void> {
    this.entries = this.entries.filter((e) => e.request.device_id !== request.device_id);
    this.entries.push({ id: this.entries.length + 1, queuedAt: 0, request, refused: null });
    return Promise.resolve();
  }

  list(): Promise<OutboxEntry[]> {
    return Promise.resolve(this.entries);
  }

  remove(id: number): Promise<void> {
    this.entries = this.entries.filter((e) => e.id !== id);
    return Promise.resolve();
  }

  refuse(): Promise<void> {
    return Promise.resolve();
  }
}
