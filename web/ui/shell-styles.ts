/** How the shell is laid out: tabs at the bottom of a phone, a rail at the side from 900 px. */
import { css } from 'lit';

export const shellStyles = css`
  :host {
    display: grid;
    min-height: 100dvh;
    grid-template-rows: auto 1fr;
  }
  .skip {
    position: absolute;
    left: 16px;
    top: -120px;
    z-index: 3;
  }
  .skip:focus {
    top: 8px;
  }
  header {
    display: flex;
    align-items: center;
    padding: 12px 16px;
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    color: var(--accent);
    text-decoration: none;
  }
  .brand span {
    color: var(--ink);
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  nav {
    position: fixed;
    inset: auto 0 0;
    z-index: 2;
    display: flex;
    justify-content: space-around;
    background: var(--raised);
    border-top: 1px solid var(--line);
    padding-bottom: env(safe-area-inset-bottom);
  }
  .tab {
    flex: 1;
    display: grid;
    justify-items: center;
    gap: 2px;
    padding: 8px 4px;
    min-height: 56px;
    font-size: var(--size-12);
    color: var(--muted);
    text-decoration: none;
    text-align: center;
    line-height: 1.25;
    align-content: start;
  }
  .tab[aria-current] {
    color: var(--accent);
    font-weight: 650;
    box-shadow: inset 0 2px 0 var(--accent);
  }
  .tab:focus-visible {
    outline-offset: -4px;
  }
  .column {
    min-width: 0;
    padding: 0 16px 96px;
  }
  main {
    outline: none;
  }
  jb-shell-notes {
    position: sticky;
    bottom: calc(64px + env(safe-area-inset-bottom));
    z-index: 1;
  }
  footer {
    display: grid;
    justify-items: end;
    max-width: 77.5rem;
    margin: 48px auto 0;
  }
  footer label {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    font-size: var(--size-14);
    color: var(--muted);
  }
  footer select {
    font: inherit;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    min-height: 44px;
    padding: 4px 8px;
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 12px;
    max-width: none;
    margin-bottom: 16px;
    padding: 8px 16px;
    border-radius: var(--radius-small);
    background: var(--warn-soft);
    color: var(--warn);
    font-size: var(--size-14);
  }
  .banner span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .banner svg {
    flex: none;
  }
  .banner.update {
    justify-content: space-between;
    background: var(--accent-soft);
    color: var(--ink);
  }
  .broken {
    display: grid;
    gap: 16px;
    max-width: 40rem;
    margin: 32px auto;
  }
  @media (min-width: 900px) {
    :host {
      grid-template: auto / 13.5rem minmax(0, 1fr);
    }
    jb-shell-notes {
      bottom: 16px;
    }
    header {
      position: sticky;
      top: 0;
      align-self: start;
      height: 100dvh;
      flex-direction: column;
      align-items: stretch;
      gap: 24px;
      padding: 24px 16px;
      border-right: 1px solid var(--line);
    }
    .brand {
      padding: 0 12px;
    }
    nav {
      position: static;
      flex: 1;
      flex-direction: column;
      justify-content: flex-start;
      gap: 4px;
      background: none;
      border: 0;
      padding: 0;
    }
    .tab {
      flex: none;
      display: flex;
      justify-content: flex-start;
      gap: 12px;
      min-height: 44px;
      padding: 8px 12px;
      font-size: var(--size-16);
      border-radius: var(--radius-small);
      transition: background var(--quick);
    }
    .tab:hover {
      background: var(--sunken);
    }
    .tab[aria-current] {
      background: var(--accent-soft);
      box-shadow: none;
    }
    .account {
      margin-top: auto;
    }
    .column {
      padding: 32px 40px 64px;
    }
  }
  @media print {
    :host {
      display: block;
      min-height: 0;
    }
    header,
    footer,
    .banner {
      display: none;
    }
    .column {
      padding: 0;
    }
  }
`;
