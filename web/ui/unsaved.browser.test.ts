import { html, LitElement } from 'lit';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../shared/errors.ts';
import { attempt, typed } from './elements/form.ts';
import { mount } from './testing/mount.ts';
import { UnsavedText } from './unsaved.ts';

/** A form as the page has them, another beside it, and a list that saves nothing. */
class Forms extends LitElement {
  busy = false;
  error: AppError | null = null;
  fails = false;
  protected override render() {
    return html`<form @submit=${this.#save}>
        <label for="note">Note on
          this day</label><input id="note" name="note">
        <label><input type="checkbox">Open on Mondays</label>
        <button>Save</button>
      </form>
      <form><textarea aria-label="Invitation"></textarea></form>
      <select aria-label="Location"><option>Bakery</option><option>Books</option></select>`;
  }
  readonly #save = (event: SubmitEvent) => {
    typed(event);
    return attempt(this, async () => {
      if (this.fails) throw new AppError('unavailable', 'Away.');
    });
  };
}
customElements.define('test-forms', Forms);
declare global {
  interface HTMLElementTagNameMap {
    'test-forms': Forms;
  }
}

async function forms() {
  const text = new UnsavedText(document);
  const element = await mount('test-forms');
  const note = page.getByRole('textbox', { name: 'Note' });
  return { text, element, note };
}

const save = () => page.getByRole('button', { name: 'Save' }).click();

test('what is typed is named until it is saved, or typed back', async () => {
  const { text, note } = await forms();
  await note.click();
  expect(text.names()).toEqual([]);
  await userEvent.keyboard('Market day');
  expect(text.names()).toEqual(['Note on this day']);
  await save();
  expect(text.names()).toEqual([]);
  await note.fill('Market days');
  expect(text.names()).toEqual(['Note on this day']);
  await note.fill('Market day');
  expect(text.names()).toEqual([]);
});

test('what could not be saved is still unsaved', async () => {
  const { text, element, note } = await forms();
  element.fails = true;
  await note.fill('Market day');
  await save();
  expect(text.names()).toEqual(['Note on this day']);
});

test('another form of the same element is not saved with it', async () => {
  const { text, note } = await forms();
  await page.getByRole('textbox', { name: 'Invitation' }).fill('Dear Ada');
  await note.fill('Market day');
  await save();
  expect(text.names()).toEqual(['Invitation']);
});

test('ticks of a form count, a list that shows something else does not', async () => {
  const { text } = await forms();
  await page.getByRole('checkbox').click();
  await userEvent.selectOptions(page.getByRole('combobox'), 'Books');
  expect(text.names()).toEqual(['Open on Mondays']);
});

test('what the page puts there is not typed, and what is gone is gone', async () => {
  const { text, element, note } = await forms();
  await note.fill('Market day');
  (note.element() as HTMLInputElement).value = 'of another day';
  expect(text.names()).toEqual([]);
  await note.fill('Market day');
  element.remove();
  expect(text.names()).toEqual([]);
});
