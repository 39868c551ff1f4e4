/** What a canvas needs of the page's style: colours as colours, letters in pixels. */

/**
 * Tokens of the palette resolved to colours of the present scheme, all with one look at the styles.
 * @param root where the chart lies; something is put there and taken away again
 * @param onPaper paper is white, whatever the screen is
 */
export function inksOf<T extends string>(
  root: Node,
  tokens: readonly T[],
  onPaper: boolean,
): Record<T, string> {
  const probe = document.createElement('span');
  if (onPaper) probe.style.colorScheme = 'light';
  // Where colours are the system's, all of them would be one.
  probe.style.setProperty('forced-color-adjust', 'none');
  const samples = tokens.map((token) => {
    const sample = document.createElement('i');
    sample.style.color = `var(--${token})`;
    return sample;
  });
  probe.append(...samples);
  root.appendChild(probe);
  const inks = samples.map((sample, i) => [tokens[i], getComputedStyle(sample).color]);
  probe.remove();
  return Object.fromEntries(inks) as Record<T, string>;
}

/** Pixels of a rem: large screens have more. */
export const rootSize = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
