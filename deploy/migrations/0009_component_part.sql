-- A decision asks for the installed components of one part family, whatever the size of the fleet.
CREATE INDEX component_part ON network.component (part_id);
