/**
 * What the server says in words of its own, which are English, in the language of the page: why a
 * reading is doubted, for what a unit is flagged, why something is refused. A sentence that is not
 * known here stays as it came. Knows no element.
 */
import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';

const KNOWN: Readonly<Record<string, () => string>> = {
  'fewer probe requests than devices': () => msg('fewer probe requests than devices'),
  'more devices in its zones than devices': () => msg('more devices in its zones than devices'),
  'more stays than devices it can have known': () =>
    msg('more stays than devices it can have known'),
  'more visits than devices it can have known': () =>
    msg('more visits than devices it can have known'),
  'Bluetooth figures that cannot stand together': () =>
    msg('Bluetooth figures that cannot stand together'),
  'more than a unit can count in one interval': () =>
    msg('more than a unit can count in one interval'),
  'more readings of the same time than a unit can make': () =>
    msg('more readings of the same time than a unit can make'),
  'of a time that was taken out of the sums': () => msg('of a time that was taken out of the sums'),
};

/** Why the portal refuses something, and what to do then. */
const REFUSALS: Readonly<Record<string, () => string>> = {
  'You cannot do this to yourself.': () => msg('You cannot do this to yourself.'),
  'Ask another administrator.': () => msg('Ask another administrator.'),
  'There is no such person.': () => msg('There is no such person.'),
  'This person has a role here already.': () => msg('This person has a role here already.'),
  'This person is an owner’s staff.': () => msg('This person is an owner’s staff.'),
  'Somebody with another role needs another address to look only.': () =>
    msg('Somebody with another role needs another address to look only.'),
  'That were many invitations in a day.': () => msg('That were many invitations in a day.'),
  'Change the role in the list instead.': () => msg('Change the role in the list instead.'),
  'This address has an account that was never confirmed.': () =>
    msg('This address has an account that was never confirmed.'),
  'Delete that account at the sign-in service, then invite again.': () =>
    msg('Delete that account at the sign-in service, then invite again.'),
  'This person is being dismissed at this moment.': () =>
    msg('This person is being dismissed at this moment.'),
  'Invite again in a minute.': () => msg('Invite again in a minute.'),
  'This person was invited with another role or other places.': () =>
    msg('This person was invited with another role or other places.'),
  'Dismiss the person in the list, then invite again.': () =>
    msg('Dismiss the person in the list, then invite again.'),
  'You are no administrator any more.': () => msg('You are no administrator any more.'),
  'This session lacks the second factor.': () => msg('This session lacks the second factor.'),
  'Only a session with the second factor may do this.': () =>
    msg('Only a session with the second factor may do this.'),
  'Sign in again, with the code of your authenticator app.': () =>
    msg('Sign in again, with the code of your authenticator app.'),
  'This account has no role here.': () => msg('This account has no role here.'),
  'Ask an administrator to give it one.': () => msg('Ask an administrator to give it one.'),
  'That were many changes within a minute.': () => msg('That were many changes within a minute.'),
  'Nothing of this one was done. Go on in a minute.': () =>
    msg('Nothing of this one was done. Go on in a minute.'),
  'The database did not answer.': () => msg('The database did not answer.'),
  'Try again.': () => msg('Try again.'),
  'This session was ended.': () => msg('This session was ended.'),
  'Sign in again.': () => msg('Sign in again.'),
  'Sign in first.': () => msg('Sign in first.'),
  'There is no such unit.': () => msg('There is no such unit.'),
  'There is no such alert.': () => msg('There is no such alert.'),
  'This was asked for more than an hour ago.': () =>
    msg('This was asked for more than an hour ago.'),
  'Nothing was sent to the sensor. Ask for it again if it is still wanted.': () =>
    msg('Nothing was sent to the sensor. Ask for it again if it is still wanted.'),
  'There is no such location.': () => msg('There is no such location.'),
  'Someone else is changing this unit. Try again.': () =>
    msg('Someone else is changing this unit. Try again.'),
  'Someone else changed these locations just now.': () =>
    msg('Someone else changed these locations just now.'),
  'Only owners and staff have locations.': () => msg('Only owners and staff have locations.'),
  'Load it again and look.': () => msg('Load it again and look.'),
  'Too many wrong PINs. No more are looked at for now.': () =>
    msg('Too many wrong PINs. No more are looked at for now.'),
  'Others tried too many PINs here.': () => msg('Others tried too many PINs here.'),
  'Scan the label’s QR code, or ask who installed the unit to unlock it.': () =>
    msg('Scan the label’s QR code, or ask who installed the unit to unlock it.'),
  'pin: unknown unit, wrong PIN, or a unit of another place': () =>
    msg('This PIN does not open this unit.'),
  'Check id and digits. If both are right, an administrator must free the unit.': () =>
    msg('Check id and digits. If both are right, an administrator must free the unit.'),
  'Many units were looked at from this network.': () =>
    msg('Many units were looked at from this network.'),
  'Wait a minute, then try again.': () => msg('Wait a minute, then try again.'),
  'An administrator can put it back into service.': () =>
    msg('An administrator can put it back into service.'),
};

/** How a brake says when it goes on; there are always two or more. */
const LATER = /(?:^| )Try again in (?:a minute|(\d+) (minutes|hours))\.$/;
/** How a flooding unit is flagged. */
const FLOODS = /^more than (\d+) requests in 60 s$/;

/** @param words of the server's: why a reading is doubted, or for what a unit is flagged */
export function serverWords(words: string): string {
  return words.split('; ').map(reason).join('; ');
}

function reason(words: string): string {
  const known = KNOWN[words];
  if (known) return known();
  const [, requests] = FLOODS.exec(words) ?? [];
  return requests ? msg(str`more than ${requests} requests in 60 s`) : words;
}

/** The error in the page's words, as far as they are known; other errors as they are. */
export function inPageWords(error: AppError): AppError {
  const what = REFUSALS[error.message];
  if (!error.isForeign || !what) return error;
  const hint = hintWords(error.hint);
  return new AppError(error.code, what(), { ...(hint && { hint }), cause: error });
}

/** What to do, and at the end perhaps how long a brake lasts. */
function hintWords(hint: string): string | undefined {
  const [end = '', n, unit] = LATER.exec(hint) ?? [];
  const what = REFUSALS[hint.slice(0, hint.length - end.length)]?.();
  if (end === '') return what;
  const later =
    unit === 'hours'
      ? msg(str`Try again in ${n} hours.`)
      : unit === 'minutes'
        ? msg(str`Try again in ${n} minutes.`)
        : msg('Try again in a minute.');
  return what ? `${what} ${later}` : later;
}
