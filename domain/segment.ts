/** Segments of parts: their class of criticality in force, as the master data states it, else as it follows from what failures cost. */
export const SEGMENTS = ['A', 'B', 'C'] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Example: 'A' → true, 'a' → false. */
export function isSegment(text: string): text is Segment {
  return (SEGMENTS as readonly string[]).includes(text);
}
