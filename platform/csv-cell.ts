/** What a spreadsheet takes for the beginning of a formula, or of another cell, behind any blanks and apostrophes. */
const FORMULA = /^[\s']*[=+\-@＝＋－＠]|^'*[\t\r\n]/;
/** Begins with a sign and is no formula: it stays as it is, so that numbers stay numbers. */
const NUMBER = /^-?(\d+(\.\d+)?([eE][+-]?\d+)?|infinity)$/;

/**
 * A text as a CSV cell that a spreadsheet shows and never runs: an apostrophe goes before what it would take for a formula.
 * `textOf` takes it off again, whatever the text is.
 *
 * Source: OWASP, CSV Injection. Example: '=cmd|…' → "'=cmd|…"; '-5' and '2 pcs' stay.
 */
export function cellOf(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/** The text of a CSV cell. Example: "'=1+1" → '=1+1'; "'s-Hertogenbosch" stays. */
export function textOf(cell: string): string {
  return cell.startsWith("'") && isFormula(cell) ? cell.slice(1) : cell;
}

function isFormula(text: string): boolean {
  return FORMULA.test(text) && !NUMBER.test(text);
}
