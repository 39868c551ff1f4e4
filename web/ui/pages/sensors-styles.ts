/** How the list of sensors is laid out: cards' worth of words on a phone, columns from 760 px. */
import { css } from 'lit';
import { stateDot } from '../elements/state-dot.ts';

export const sensorsStyles = css`
  ${stateDot}
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    max-width: 68.75rem;
    margin: 0 auto;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: baseline;
    justify-content: space-between;
  }
  .filters {
    display: grid;
    gap: 12px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .found {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
  }
  .chips button {
    border-radius: 999px;
  }
  .chips button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
  }
  .list {
    border-top: 1px solid var(--line);
  }
  .row {
    width: 100%;
    border-bottom: 1px solid var(--line);
  }
  .choosing .row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
  }
  .tick {
    display: grid;
    place-items: center;
    width: 44px;
  }
  .tick input {
    width: 20px;
    height: 20px;
  }
  .unfinished {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
    padding: 12px 16px;
    border-radius: var(--radius-small);
    background: var(--accent-soft);
  }
  .row a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 4px 16px;
    align-items: center;
    min-height: 64px;
    padding: 12px 4px;
    color: var(--ink);
    text-decoration: none;
  }
  .row a:hover {
    background: var(--sunken);
  }
  .row a:focus-visible {
    outline-offset: -2px;
  }
  .who {
    display: grid;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .state {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    justify-self: end;
    font-size: var(--size-14);
    text-align: end;
  }
  .signal {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    color: var(--muted);
  }
  .firmware {
    justify-self: end;
    overflow-wrap: anywhere;
  }
  .concerns {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .concerns:empty {
    display: none;
  }
  .badge {
    padding: 2px 8px;
    border-radius: 999px;
    background: var(--warn-soft);
    color: var(--warn);
    font-size: var(--size-12);
    font-weight: 550;
  }
  @media (min-width: 760px) {
    .filters {
      grid-template-columns: minmax(240px, 1fr) auto;
      align-items: end;
    }
    .row a {
      grid-template-columns: minmax(0, 2fr) minmax(150px, 1fr) minmax(150px, 1fr) 72px;
    }
    .state {
      justify-self: start;
      text-align: start;
    }
  }
`;
