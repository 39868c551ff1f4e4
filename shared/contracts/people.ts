/**
 * People under /api/v1/people and /api/v1/me: who there is, invitations, roles, the second factor.
 * Knows no storage and no sign-in service.
 */
import * as v from 'valibot';
import { Limit, LocationId } from './common.ts';
import { Me, UserId } from './portal.ts';

/** RFC 5321, 4.5.3.1.3: a path has at most 256 characters, of which two are its brackets. */
const EMAIL_MAX = 254;

/**
 * As Supabase Auth keeps it: in lower case, and nothing but printable ASCII. Looked at before as
 * well: the Kelvin sign's small letter is the k of ASCII, and so of somebody else's address.
 */
export const Email = v.pipe(
  v.string('must be text'),
  v.trim(),
  v.check((text) => /^[!-~]*$/.test(text), 'must be an e-mail address'),
  v.toLowerCase(),
  v.maxLength(EMAIL_MAX, 'is too long for an e-mail address'),
  v.regex(/^[!-?A-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be an e-mail address'),
);

/** An owner of more shops than this is given them by hand. */
const PLACES_MAX = 50;
const Places = v.pipe(
  v.array(LocationId),
  v.maxLength(PLACES_MAX, `must not be more than ${PLACES_MAX}`),
);

/** What an administrator makes somebody; staff is an owner's to invite (staff.ts). */
export const GivenRole = v.picklist(['owner', 'installer', 'admin']);
export type GivenRole = v.InferOutput<typeof GivenRole>;

/** POST /api/v1/people/invitations */
export const InviteRequest = v.pipe(
  v.strictObject({
    email: Email,
    role: GivenRole,
    /** Places of an owner; nobody else has any. */
    location_ids: v.optional(Places, []),
  }),
  v.check(
    ({ role, location_ids }) => (role === 'owner') === location_ids.length > 0,
    'location_ids: an owner has places, nobody else has any',
  ),
);
export type InviteRequest = v.InferOutput<typeof InviteRequest>;

export const Invited = v.object({
  ...Me.entries,
  /** False: this address had an account already, which has the role now; no mail was sent. */
  mailed: v.boolean(),
});
export type Invited = v.InferOutput<typeof Invited>;

/** PUT /api/v1/people/:id/role */
export const RoleRequest = v.strictObject({ role: GivenRole });

/** PUT /api/v1/people/:id/locations */
export const PersonPlacesRequest = v.strictObject({
  /** All that an owner has, or staff looks at, from now on. */
  location_ids: Places,
  /** What stood there when it was changed: somebody else may have changed it meanwhile. */
  from: Places,
});
export type PersonPlacesRequest = v.InferOutput<typeof PersonPlacesRequest>;

/** Somebody in the list, with the places whose numbers he or she sees. */
export const Person = v.object({
  ...Me.entries,
  /** By id; left out by a backend of before. */
  location_ids: v.optional(v.array(v.string()), []),
});
export type Person = v.InferOutput<typeof Person>;

/** GET /api/v1/people */
export const PeopleQuery = v.object({ cursor: v.optional(UserId), limit: Limit });
export const PeoplePage = v.object({
  people: v.array(Person),
  next_cursor: v.nullable(v.string()),
});
export type PeoplePage = v.InferOutput<typeof PeoplePage>;

/** What has no more to say than that it was done. */
export const Done = v.object({ status: v.literal('ok') });
