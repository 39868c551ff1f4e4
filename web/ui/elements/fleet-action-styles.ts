/** How `<jb-fleet-action>` is laid out. */
import { css } from 'lit';
import { base, buttons } from './styles.ts';

export const styles = [
  base,
  buttons,
  css`
    section,
    .preview {
      display: grid;
      gap: 12px;
    }
    section {
      gap: 16px;
    }
    h2:focus {
      outline: none;
    }
    ul {
      display: grid;
      gap: 4px;
      padding-inline-start: 20px;
    }
    li {
      overflow-wrap: anywhere;
    }
    summary {
      cursor: pointer;
      padding: 4px 0;
    }
    progress {
      width: 100%;
      height: 12px;
      accent-color: var(--accent);
    }
    .tick {
      display: flex;
      gap: 12px;
      align-items: center;
      min-height: 36px;
      font-size: var(--size-14);
    }
    .tick input {
      flex: none;
      width: 20px;
      height: 20px;
      accent-color: var(--accent);
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    button.quiet {
      justify-self: start;
      padding-inline: 0;
    }
  `,
];
