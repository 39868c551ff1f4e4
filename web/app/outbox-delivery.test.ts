import { expect, test } from 'vitest';
import type { RegisterRequest, UnitStatus } from '../../shared/contracts/portal.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { OutboxDelivery } from './outbox-delivery.ts';
import type { Outbox, OutboxEntry } from './ports.ts';

class MemoryOutbox implements Outbox {
  entries: OutboxEntry[] = [];
  #next = 1;
  async makeRoom() {}
  async add(request: RegisterRequest) {
    const id = this.#next++;
    this.entries = this.entries.filter((e) => e.request.device_id !== request.device_id);
    this.entries.push({ id, queuedAt: id, request, refused: null });
  }
  async list() {
    return [...this.entries];
  }
  async remove(id: number) {
    this.entries = this.entries.filter((e) => e.id !== id);
  }
  async refuse(id: number, reason: string) {
    this.entries = this.entries.map((e) => (e.id === id ? { ...e, refused: reason } : e));
  }
}

function request(deviceId: string): RegisterRequest {
  const unit = { device_id: deviceId, mac: '02:4A:42:00:00:01' };
  return { ...unit, token_sha256: 'a'.repeat(64), firmware: '6.0.0' };
}

function status(deviceId: string): UnitStatus {
  const never = { first_heartbeat_at: null, first_reading_at: null, last_seen_at: null };
  const known = { registered: true, mac: null, status: null, location_id: null };
  return { device_id: deviceId, ...known, ...never, registered_at: null, firmware: null };
}

/** Answers by id: an error code, or stores. */
function start(answers: Record<string, ErrorCode>) {
  const outbox = new MemoryOutbox();
  const got: string[] = [];
  const delivery = new OutboxDelivery(outbox, {
    register: async ({ device_id, replace }) => {
      const code = answers[device_id];
      if (code) throw new AppError(code, `${device_id}: ${code}`);
      got.push(replace ? `${device_id} replace` : device_id);
      return status(device_id);
    },
  });
  return { outbox, delivery, got, answers };
}

test('tells how old the token is', async () => {
  const outbox = new MemoryOutbox();
  const ages: (number | undefined)[] = [];
  const register = async ({ device_id, token_age_s }: RegisterRequest) => {
    ages.push(token_age_s);
    return status(device_id);
  };
  await outbox.add(request('JBNB0001'));
  await new OutboxDelivery(outbox, { register }, { now: () => 7201 }).deliver();
  await outbox.add(request('JBNB0001'));
  // A clock that was set back in between must not make a token of the future.
  await new OutboxDelivery(outbox, { register }, { now: () => 0 }).deliver();
  expect(ages).toEqual([7, 0]);
});

test('delivers in order and empties the box', async () => {
  const { outbox, delivery, got } = start({});
  for (const id of ['JBNB0001', 'JBNB0002']) await outbox.add(request(id));
  await delivery.deliver();
  expect(got).toEqual(['JBNB0001', 'JBNB0002']);
  expect(delivery.state.value).toEqual({
    entries: [],
    changes: [],
    delivering: false,
    stopped: null,
    delivered: ['a'.repeat(64), 'a'.repeat(64)],
  });
});

test('without network it stops at the first, keeps all, and goes on later', async () => {
  const { outbox, delivery, got, answers } = start({ JBNB0001: 'unavailable' });
  for (const id of ['JBNB0001', 'JBNB0002']) await outbox.add(request(id));
  await delivery.deliver();
  expect(got).toEqual([]);
  expect(delivery.state.value.stopped?.code).toBe('unavailable');
  expect(delivery.state.value.entries).toHaveLength(2);
  delete answers.JBNB0001;
  await delivery.deliver();
  expect(got).toEqual(['JBNB0001', 'JBNB0002']);
  expect(delivery.state.value.stopped).toBeNull();
});

test('a refused one is kept with its reason, not sent again, and holds nobody up', async () => {
  const { outbox, delivery, got, answers } = start({ JBNB0001: 'conflict' });
  for (const id of ['JBNB0001', 'JBNB0002']) await outbox.add(request(id));
  await delivery.deliver();
  expect(got).toEqual(['JBNB0002']);
  expect(delivery.state.value.entries).toMatchObject([{ id: 1, refused: 'JBNB0001: conflict' }]);
  delete answers.JBNB0001;
  await delivery.deliver();
  expect(got).toEqual(['JBNB0002']);
  await delivery.discard(1);
  expect(delivery.state.value.entries).toEqual([]);
});

test('a refused one can take the id over, on purpose', async () => {
  const { outbox, delivery, got, answers } = start({ JBNB0001: 'conflict' });
  await outbox.add(request('JBNB0001'));
  await delivery.deliver();
  delete answers.JBNB0001;
  await delivery.replace(1);
  expect(got).toEqual(['JBNB0001 replace']);
  expect(delivery.state.value.entries).toEqual([]);
});

test('two calls at once deliver once', async () => {
  const { outbox, delivery, got } = start({});
  await outbox.add(request('JBNB0001'));
  await Promise.all([delivery.deliver(), delivery.deliver()]);
  expect(got).toEqual(['JBNB0001']);
});

test('someone else’s role stops delivery, and the installer delivers later', async () => {
  const { outbox, delivery, got, answers } = start({ JBNB0001: 'forbidden' });
  await outbox.add(request('JBNB0001'));
  await delivery.deliver();
  expect(delivery.state.value.entries).toMatchObject([{ refused: null }]);
  expect(delivery.state.value.stopped?.code).toBe('forbidden');
  delete answers.JBNB0001;
  await delivery.deliver();
  expect(got).toEqual(['JBNB0001']);
});

test('a unit prepared again meanwhile: only its latest token is sent', async () => {
  const outbox = new MemoryOutbox();
  const sent: string[] = [];
  const delivery = new OutboxDelivery(outbox, {
    register: async ({ device_id, token_sha256 }) => {
      sent.push(`${device_id} ${token_sha256.slice(0, 2)}`);
      if (device_id === 'JBNB0001')
        await outbox.add({ ...request('JBNB0002'), token_sha256: 'ee'.repeat(32) });
      return status(device_id);
    },
  });
  for (const id of ['JBNB0001', 'JBNB0002']) await outbox.add(request(id));
  await delivery.deliver();
  expect(sent.at(-1)).toBe('JBNB0002 ee');
  expect(sent).toHaveLength(2);
  expect(delivery.state.value.entries).toEqual([]);
});
