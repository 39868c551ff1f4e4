import { expect, test } from 'vitest';
import { idFor, targetOf } from './administration.ts';

test.each([
  ['', ''],
  [' jbnb0042 ', 'unit:JBNB0042'],
  ['harbour-street', 'location:harbour-street'],
  ['person:id-ada', 'person:id-ada'],
  ['alert:JBNB0042:silent:1', 'alert:JBNB0042:silent:1'],
])('%j is looked for as %j', (typed, target) => {
  expect(targetOf(typed)).toBe(target);
});

test.each([
  ['Harbour Street Bakery', 'harbour-street-bakery'],
  ['  Café Müller & Söhne ', 'cafe-muller-sohne'],
  ['50 %', '50'],
  ['花屋', ''],
])('%j gets the id %j', (name, id) => {
  expect(idFor(name)).toBe(id);
});
