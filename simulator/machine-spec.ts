import {epochMs} from '../domain/time.ts';
import {equipmentClassOf} from './equipment-classes.ts';
import {rowsOf, type MasterData, type MasterRow} from './master-data.ts';
import type {MachineSpec} from './timeline.ts';

/** The machines of a reference network, read back from its rows, in the order of their rows. */
export function machineSpecs(network: MasterData): MachineSpec[] {
  const classOfModel = new Map(
    rowsOf(network, 'equipment_model').map((row) => [row['model_id'], String(row['equipment_class_id'])]),
  );
  const longitudeOfSite = new Map(rowsOf(network, 'site').map((row) => [row['site_id'], Number(row['lon'])]));
  return rowsOf(network, 'equipment').map((row): MachineSpec => {
    const classId = classOfModel.get(row['model_id']);
    const longitude = longitudeOfSite.get(row['site_id']);
    const equipmentId = String(row['equipment_id']);
    if (classId === undefined)
      throw new RangeError(`equipment ${equipmentId}: no such model; add it to equipment_model`);
    if (longitude === undefined)
      throw new RangeError(`equipment ${equipmentId}: no such site; add it to site`);
    return {
      equipmentId,
      siteId: String(row['site_id']),
      classId,
      modelId: String(row['model_id']),
      commissionedAt: epochMs(Date.parse(String(row['commissioned_at']))),
      attributes: attributesOf(row),
      longitude,
      positions: Object.entries(equipmentClassOf(classId).positions).map(([positionId, component]) => ({
        positionId,
        componentClassId: component.classId,
      })),
    };
  });
}

function attributesOf(row: MasterRow): Record<string, number> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => column.startsWith('attr_'))
      .map(([column, value]) => [column.slice('attr_'.length), Number(value)]),
  );
}
