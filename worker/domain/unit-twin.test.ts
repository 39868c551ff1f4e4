/** What a unit did with its configuration, through the shard's own doors and to who may know. */
import { describe, expect, test } from 'vitest';
import type { Heartbeat } from '../../shared/contracts/heartbeat.ts';
import { afterConfig, afterHeartbeat, contactOf, noContact, type UnitContact } from './contact.ts';
import { twinSince } from './unit-twin.ts';

const said = (contact: UnitContact, atS: number, more: Partial<Heartbeat>) =>
  afterHeartbeat(contact, {
    heartbeat: { device_id: 'JBNB0001', ...more },
    received_ms: atS * 1000 + 999,
    acknowledges: true,
  });
const twinOf = (contact: UnitContact) => contactOf('JBNB0001', contact, null).twin;

describe('a unit’s twin', () => {
  test('a unit that says nothing of its configuration has none', () => {
    const contact = said(noContact(0), 10, { firmware: '5.9.0' });
    expect(twinOf(contact)).toBeNull();
    expect(contact).not.toHaveProperty('twin');
  });

  test('the version in use counts from when it was first named', () => {
    let contact = said(noContact(0), 10, { config_version: 3 });
    contact = said(contact, 20, { config_version: 3 });
    expect(twinOf(contact)?.reported).toEqual({ version: 3, since_s: 10 });
    contact = said(contact, 30, {});
    expect(twinOf(contact)?.reported).toEqual({ version: 3, since_s: 10 });
    // Also one that is older: the unit lost what it had.
    contact = said(contact, 40, { config_version: 0 });
    expect(twinOf(contact)?.reported).toEqual({ version: 0, since_s: 40 });
  });

  test('what it was given is the newest, and when it first was', () => {
    let contact = afterConfig(noContact(0), 4, 100);
    contact = afterConfig(contact, 4, 200);
    expect(twinOf(contact)?.fetched).toEqual({ version: 4, at_s: 100 });
    contact = afterConfig(contact, 5, 300);
    contact = said(contact, 310, { config_version: 5 });
    expect(twinOf(contact)).toEqual({
      fetched: { version: 5, at_s: 300 },
      reported: { version: 5, since_s: 310 },
      note: null,
    });
  });

  test('what it could not do stays until it says something else', () => {
    let contact = said(noContact(0), 10, { note: 'refused: far above near' });
    contact = said(contact, 20, { config_version: 2 });
    expect(twinOf(contact)?.note).toEqual({ text: 'refused: far above near', at_s: 10 });
    contact = said(contact, 30, { note: 'unknown command' });
    expect(twinOf(contact)?.note).toEqual({ text: 'unknown command', at_s: 30 });
  });

  test('who got the unit later hears nothing of before', () => {
    let contact = afterConfig(noContact(0), 4, 100);
    contact = said(contact, 200, { config_version: 4, note: 'of the shop before' });
    const since = (momentS: number) => twinSince(twinOf(contact), (s) => s > momentS);
    expect(since(150).fetched).toBeNull();
    expect(since(150).note?.at_s).toBe(200);
    expect(since(200)).toEqual({ fetched: null, reported: null, note: null });
  });
});
