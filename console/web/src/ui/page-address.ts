type Subject =
  | 'backorders'
  | 'decisions'
  | 'equipment'
  | 'models'
  | 'network'
  | 'orders'
  | 'part-depots'
  | 'suppliers'
  | 'tuning';

/**
 * Where the page of something is; `usePageIds` reads the ids there. The router decodes an address once, but leaves the characters
 * that mean something in one: so the two that an id may hold and an address may not are encoded twice.
 *
 * Example: ('part-depots', 'BRG:50%', 'LYS-1') → '/part-depots/BRG:50%2525/LYS-1'.
 */
export function hrefTo(subject: Subject, ...ids: readonly string[]): string {
  return `/${[subject, ...ids.map((id) => encodeURI(id.replaceAll(/[%?]/g, encodeURIComponent)))].join('/')}`;
}

/** What stands for an id in an address that the router has decoded. Example: 'BRG:50%25' → 'BRG:50%'. */
export function idIn(decoded: string): string {
  try {
    return decodeURIComponent(decoded);
  } catch {
    return decoded; // typed by hand
  }
}
