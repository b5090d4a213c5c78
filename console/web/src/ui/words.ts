/** A code as words. Example: 'supplier-late' → 'supplier late'. */
export function words(code: string): string {
  return code.replaceAll('-', ' ').replaceAll('_', ' ');
}
