/** Which topics anybody may be listening to, by their first level: enough to know that nobody hears telemetry. */
export class Audience<Listener extends object> {
  readonly #roots = new Map<Listener, Set<string>>();
  readonly #count = new Map<string, number>();

  /** Notes a filter for as long as the listener stays, whether or not it gives the filter back before. */
  join(listener: Listener, filter: string): void {
    const roots = this.#roots.get(listener) ?? new Set();
    this.#roots.set(listener, roots);
    const root = rootOf(filter);
    if (roots.has(root)) return;
    roots.add(root);
    this.#count.set(root, (this.#count.get(root) ?? 0) + 1);
  }

  leave(listener: Listener): void {
    for (const root of this.#roots.get(listener) ?? []) {
      const left = this.#count.get(root)! - 1;
      if (left > 0) this.#count.set(root, left);
      else this.#count.delete(root);
    }
    this.#roots.delete(listener);
  }

  /** False: nobody hears the topic. */
  mayHear(topic: string): boolean {
    return this.#count.size > 0 && [rootOf(topic), '+', '#'].some((root) => this.#count.has(root));
  }
}

/** Example: 'telemetry/v1/AMS/CH-0001' → 'telemetry'. */
function rootOf(topic: string): string {
  const end = topic.indexOf('/');
  return end < 0 ? topic : topic.slice(0, end);
}
