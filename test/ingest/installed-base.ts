import type {Queryable} from '../../platform/pg.ts';

/** The least of an installed base that the door needs: one site, one class of chiller, and the equipment named. Runs as owner. */
export async function installBase(owner: Queryable, equipmentIds: readonly string[]): Promise<void> {
  await owner.query(`
    INSERT INTO network.party VALUES ('customer-1', 'customer', 'Customer one');
    INSERT INTO network.site VALUES ('AMS', 'customer-1', 'Amsterdam', 52.4, 4.9, 'Europe/Amsterdam');
    INSERT INTO network.planning_group VALUES ('G-1', 0);
    INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency) VALUES ('P-1', 'G-1', 'Compressor', 100, 'EUR');
    INSERT INTO network.component_class (class_id, name) VALUES ('compressor', 'Compressor');
    INSERT INTO network.equipment_class VALUES ('chiller', 'Chiller', 60, 60);
    INSERT INTO network.class_signal (equipment_class_id, signal, unit, min_value, max_value, normal_low, normal_high)
      VALUES ('chiller', 'temperature_c', '°C', -40, 120, 2, 95), ('chiller', 'vibration_mm_s', 'mm/s', 0, 50, NULL, NULL);
    INSERT INTO network.equipment_model VALUES ('CH', 'chiller', 'Chiller CH');
    INSERT INTO network.bom_position (model_id, position_id, class_id, part_id) VALUES ('CH', 'comp1', 'compressor', 'P-1')`);
  for (const equipmentId of equipmentIds) await addEquipment(owner, equipmentId);
}

export async function addEquipment(owner: Queryable, equipmentId: string): Promise<void> {
  await owner.query(
    `INSERT INTO network.equipment (equipment_id, model_id, site_id, customer_party_id, partition_no, downtime_minor_per_h, currency, commissioned_at)
     VALUES ($1, 'CH', 'AMS', 'customer-1', 3, 0, 'EUR', '2025-01-01T00:00:00Z')`,
    [equipmentId],
  );
}
