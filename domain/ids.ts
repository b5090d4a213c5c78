import {z} from 'zod';

/**
 * Names of things in the world. Each is checked once, at the edge, and branded so that signatures cannot be mixed up.
 *
 * An id is 1 to 128 printable characters without blanks, `/`, `+` or `#`: ids appear in MQTT topics and URLs.
 */
const ID_PATTERN = /^[^\s/+#\u0000-\u001f\u007f]{1,128}$/u;
const ID = z
  .string()
  .regex(ID_PATTERN, 'an id is 1 to 128 characters without blank, slash, plus, hash or control character');

/** What the schemas below say, without their cost: for the paths that every message takes. Example: 'CH-0001' → true; 'CH/1' → false. */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

export const EquipmentId = ID.brand<'EquipmentId'>();
export type EquipmentId = z.infer<typeof EquipmentId>;
export const ComponentId = ID.brand<'ComponentId'>();
export type ComponentId = z.infer<typeof ComponentId>;
export const PartId = ID.brand<'PartId'>();
export type PartId = z.infer<typeof PartId>;
export const DepotId = ID.brand<'DepotId'>();
export type DepotId = z.infer<typeof DepotId>;
export const PartyId = ID.brand<'PartyId'>();
export type PartyId = z.infer<typeof PartyId>;
export const GroupId = ID.brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;
export const SiteId = ID.brand<'SiteId'>();
export type SiteId = z.infer<typeof SiteId>;
export const ModelVersionId = ID.brand<'ModelVersionId'>();
export type ModelVersionId = z.infer<typeof ModelVersionId>;
