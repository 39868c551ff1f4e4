/** A new version for pages that are left open for days. Knows no version. */

/** Who has been away for this long does not go on in the middle of something. */
const UNSEEN_MS = 30 * 60_000;

/**
 * Reloads where nobody sees it: a page that has been in the background for long enough that whoever
 * comes back begins anew anyway. @param may asked just before: typed text, a unit on the cable
 */
export function reloadUnseen(reload: () => void, may: () => boolean): void {
  let hiddenAt = document.hidden ? Date.now() : null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (hiddenAt !== null && Date.now() - hiddenAt >= UNSEEN_MS && may()) reload();
  };
  const change = () => {
    clearTimeout(timer);
    // A phone lets no timer run in the background: it is looked at on the way back, too.
    if (!document.hidden) look();
    hiddenAt = document.hidden ? (hiddenAt ?? Date.now()) : null;
    if (document.hidden) timer = setTimeout(look, UNSEEN_MS);
  };
  document.addEventListener('visibilitychange', change);
  change();
}
