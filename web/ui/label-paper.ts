/**
 * The size of the paper, which only the document's own styles can say: a page's are its shadow's.
 * Knows no label.
 */

let sheet: CSSStyleSheet | null = null;

/** `roll`: each label is a page of 50 × 30 mm. null: as all pages are printed. */
export function labelPaper(paper: 'roll' | null): void {
  const others = document.adoptedStyleSheets.filter((one) => one !== sheet);
  if (paper === null) {
    if (sheet) document.adoptedStyleSheets = others;
    return;
  }
  sheet ??= new CSSStyleSheet();
  sheet.replaceSync('@page { size: 50mm 30mm; margin: 0; }');
  document.adoptedStyleSheets = [...others, sheet];
}
