-- Supabase grants everything on new tables to its API roles and relies on policies alone; take the
-- writing away as well. As statements of their own: the embedded stack makes the roles that a
-- migration names before it runs it, and does not look into blocks. (It grants everything again
-- when somebody first asks; there, the policies alone keep people from writing.)
revoke insert, update, delete, truncate on public.foot_traffic from anon, authenticated;
revoke insert, update, delete, truncate on public.location_members from anon, authenticated;
