/** The bench: an instrument for a 1280 px laptop that still works on a tablet. */
import { css } from 'lit';

export const benchStyles = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    max-width: 77.5rem;
    margin: 0 auto;
  }
  .top,
  .head {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: center;
    gap: 8px 16px;
  }
  section {
    display: grid;
    gap: 16px;
    min-width: 0;
  }
  .start {
    grid-template-columns: minmax(0, 1fr);
    gap: 20px 64px;
  }
  .start > div {
    display: grid;
    gap: 20px;
    align-content: start;
  }
  .start jb-unit-drawing {
    display: none;
  }
  .start ol {
    display: grid;
    gap: 12px;
    padding-left: 20px;
    max-width: 62ch;
  }
  .start li::marker {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }
  .lead {
    font-size: var(--size-20);
    color: var(--muted);
  }
  .doors,
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  button.link {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font: inherit;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .presence {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-size: var(--size-14);
    font-weight: 550;
  }
  .dot {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--muted);
  }
  .running .dot {
    background: var(--ok);
  }
  .connected .dot {
    background: var(--accent);
  }
  .lost .dot {
    background: var(--bad);
  }
  .work {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 32px;
  }
  .flow {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 32px;
    align-content: start;
    min-width: 0;
  }
  aside {
    display: grid;
    gap: 16px;
    align-content: start;
  }
  .led {
    text-align: center;
    font-size: var(--size-14);
    color: var(--muted);
    justify-self: center;
  }
  .technical > summary {
    min-height: 44px;
    align-content: center;
    cursor: pointer;
    font-weight: 600;
  }
  .technical > .flow {
    padding-top: 12px;
  }
  .development {
    border-top: 1px solid var(--line);
    padding-top: 16px;
    gap: 8px;
  }
  @media (max-width: 759px) {
    aside jb-unit-drawing {
      max-width: 120px;
      justify-self: center;
      width: 100%;
    }
  }
  @media (min-width: 760px) {
    .start {
      grid-template-columns: minmax(0, 40rem) 12.5rem;
      padding-top: 16px;
    }
    .start jb-unit-drawing {
      display: block;
    }
    .work {
      grid-template-columns: minmax(0, 1fr) 17rem;
    }
    aside {
      position: sticky;
      top: 24px;
      padding-left: 24px;
      border-left: 1px solid var(--line);
    }
  }
`;
