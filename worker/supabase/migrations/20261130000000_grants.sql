-- Who may do what, said here in full: hosted projects of 2026 grant nothing on what a migration
-- makes (Supabase changelog 45329), older ones grant everything. Every further migration does the
-- same for what it makes; worker/supabase/grants.system.test.ts holds the whole list.
grant usage on schema public to authenticated, service_role;

revoke all on table public.foot_traffic from public, anon, authenticated, service_role;
revoke all on table public.location_members from public, anon, authenticated, service_role;

-- People read, under the tables' policies; who is not signed in reads nothing.
grant select on table public.foot_traffic to authenticated;
grant select on table public.location_members to authenticated;

-- The Worker: merges sums by key, ends memberships.
grant select, insert, update, delete on table public.foot_traffic to service_role;
grant select, insert, update, delete on table public.location_members to service_role;

-- A trigger runs whoever writes; nobody needs to call its function.
revoke all on function public.foot_traffic_keep_newest()
  from public, anon, authenticated, service_role;
