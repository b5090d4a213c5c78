-- Statistics of the network's tables after a large import: until the server takes its own, a plan guesses at tables it has never looked at.
CREATE FUNCTION network.refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one text;
BEGIN
  FOR one IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'network' LOOP
    EXECUTE 'ANALYZE ' || one;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION network.refresh_statistics FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.refresh_statistics TO forestock_network;

-- A decision reads its family by this.
CREATE INDEX part_family ON network.part (group_id);
