/**
 * What two writings of a part number have in common: letter case and blanks are left out, everything else counts.
 *
 * Only a to z change case and only the blanks of ASCII and the no-break space (as spreadsheets paste it) go, so that the database
 * (network.part_number_key) says the same in every locale. Example: ' 6205-2rs c3' → '6205-2RSC3'.
 */
export function partNumberKey(number: string): string {
  return number.replaceAll(/[ \t\n\v\f\r\u00a0]/g, '').replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}
