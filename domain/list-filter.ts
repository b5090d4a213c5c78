/** What a list is narrowed to, left out or undefined: all; and how many rows it has at most. */
export type ListFilter<K extends string> = {readonly [key in K]?: string | undefined} & {
  readonly limit: number;
};
