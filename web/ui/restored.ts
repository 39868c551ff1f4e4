/**
 * A page that the browser has kept whole and brings back (the back/forward cache): what it shows is
 * as old as the leaving, and perhaps of somebody who has signed out since, in another document, of
 * which it has heard nothing. Knows neither session nor numbers.
 */

/** @param lookAgain ends when what must not be seen any more is gone; nothing is seen before */
export function whenRestored(win: Window, lookAgain: () => Promise<void>): void {
  const { style } = win.document.documentElement;
  // Hidden as it leaves: when it is back, the browser paints before any script runs.
  win.addEventListener('pagehide', ({ persisted }) => {
    if (persisted) style.visibility = 'hidden';
  });
  win.addEventListener('pageshow', ({ persisted }) => {
    const show = () => {
      style.visibility = '';
    };
    if (persisted) void lookAgain().then(show, show);
  });
}
