-- Sums older than two months, by the hour: five-minute rows of 1,000 locations are 75 MB a day. By
-- then none of them changes any more, since a reading arrives thirty days late at most.
create table public.foot_traffic_hourly (
  location_id text not null,
  hour_start timestamptz not null,
  -- The greatest of the rows it was made of.
  revision bigint not null,
  -- Null when no row of the hour could tell.
  visits bigint check (visits >= 0),
  impressions bigint not null check (impressions >= 0),
  device_minutes bigint not null check (device_minutes >= 0),
  dwell_0_1 bigint not null,
  dwell_1_5 bigint not null,
  dwell_5_10 bigint not null,
  dwell_10plus bigint not null,
  rssi_immediate bigint not null,
  rssi_near bigint not null,
  rssi_far bigint not null,
  rssi_remote bigint not null,
  ble_apple bigint not null,
  ble_other bigint not null,
  primary key (location_id, hour_start),
  check (extract(epoch from hour_start)::bigint % 3600 = 0)
);

alter table public.foot_traffic_hourly enable row level security;

create policy "people see their own locations" on public.foot_traffic_hourly
  for select using (
    exists (
      select 1 from public.location_members as m
      where m.location_id = foot_traffic_hourly.location_id and m.user_id = (select auth.uid())
    )
  );

revoke all on table public.foot_traffic_hourly from public, anon, authenticated, service_role;
grant select on table public.foot_traffic_hourly to authenticated;
grant select, insert, update, delete on table public.foot_traffic_hourly to service_role;

-- What a push brings of an hour that is made already is in it: it would count twice.
create function public.foot_traffic_not_twice() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from public.foot_traffic_hourly as h
    where h.location_id = new.location_id and h.hour_start = date_trunc('hour', new.bucket_start)
  ) then
    return null;
  end if;
  return new;
end;
$$;

create trigger foot_traffic_not_twice before insert on public.foot_traffic
  for each row execute function public.foot_traffic_not_twice();

-- Makes hours of the oldest rows, at most `hours_max` at once; says how many. In one transaction:
-- whoever reads sees an hour once, as rows or as a sum.
create function public.foot_traffic_compact(hours_max integer default 20000)
returns integer language plpgsql as $$
declare
  made integer;
begin
  with old as (
    select location_id, date_trunc('hour', bucket_start) as hour_start
    from public.foot_traffic
    where bucket_start < date_trunc('hour', now() - interval '62 days')
    group by 1, 2 order by 2, 1 limit hours_max
  ), gone as (
    delete from public.foot_traffic as f using old
    where f.location_id = old.location_id
      and f.bucket_start >= old.hour_start and f.bucket_start < old.hour_start + interval '1 hour'
    returning f.*, old.hour_start
  )
  insert into public.foot_traffic_hourly
  select location_id, hour_start, max(revision), sum(visits), sum(impressions),
    sum(device_minutes), sum(dwell_0_1), sum(dwell_1_5), sum(dwell_5_10), sum(dwell_10plus),
    sum(rssi_immediate), sum(rssi_near), sum(rssi_far), sum(rssi_remote), sum(ble_apple),
    sum(ble_other)
  from gone group by 1, 2;
  get diagnostics made = row_count;
  return made;
end;
$$;

revoke all on function public.foot_traffic_not_twice()
  from public, anon, authenticated, service_role;
revoke all on function public.foot_traffic_compact(integer)
  from public, anon, authenticated, service_role;
grant execute on function public.foot_traffic_compact(integer) to service_role;
