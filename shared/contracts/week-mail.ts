/** The mail that an owner gets of the own shop on Monday mornings. Knows no storage. */
import * as v from 'valibot';

/** Languages of the page and of what it sends. */
export const Language = v.picklist(['en', 'de', 'es']);
export type Language = v.InferOutput<typeof Language>;

/** PUT /api/v1/locations/:id/week-mail. One's own switch: the last writer wins. */
export const WeekMailRequest = v.strictObject({ is_on: v.boolean(), language: Language });
export type WeekMailRequest = v.InferOutput<typeof WeekMailRequest>;

/** The same as it is now, and where the mails go: the address of whoever asks. */
export const WeekMail = v.object({ is_on: v.boolean(), language: Language, email: v.string() });
export type WeekMail = v.InferOutput<typeof WeekMail>;

/** Names one person's mails of one shop to whoever got one. */
export const WeekMailKey = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{32}$/, 'must be the key of a mail, 32 hex digits'),
);
