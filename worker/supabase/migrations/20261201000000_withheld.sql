-- Numbers that are too small for others to see: the Worker leaves them out (null) where a location
-- asks for that, and the row says so. What the numbers of an hour are made of must all be there.
alter table public.foot_traffic add column withheld boolean not null default false;
alter table public.foot_traffic
  alter column impressions drop not null, alter column device_minutes drop not null,
  alter column dwell_0_1 drop not null, alter column dwell_1_5 drop not null,
  alter column dwell_5_10 drop not null, alter column dwell_10plus drop not null,
  alter column rssi_immediate drop not null, alter column rssi_near drop not null,
  alter column rssi_far drop not null, alter column rssi_remote drop not null,
  alter column ble_apple drop not null, alter column ble_other drop not null,
  add check (withheld or (impressions is not null and device_minutes is not null
    and dwell_0_1 is not null and dwell_1_5 is not null and dwell_5_10 is not null
    and dwell_10plus is not null and rssi_immediate is not null and rssi_near is not null
    and rssi_far is not null and rssi_remote is not null and ble_apple is not null
    and ble_other is not null));
alter table public.foot_traffic_hourly add column withheld boolean not null default false;
alter table public.foot_traffic_hourly
  alter column impressions drop not null, alter column device_minutes drop not null,
  alter column dwell_0_1 drop not null, alter column dwell_1_5 drop not null,
  alter column dwell_5_10 drop not null, alter column dwell_10plus drop not null,
  alter column rssi_immediate drop not null, alter column rssi_near drop not null,
  alter column rssi_far drop not null, alter column rssi_remote drop not null,
  alter column ble_apple drop not null, alter column ble_other drop not null;

-- A sum that lacks a part is none: it would look like fewer people.
create function public.foot_traffic_sum_of_all(total numeric, present bigint, parts bigint)
returns bigint language sql immutable as $$
  select case when present = parts then total::bigint end
$$;

create or replace function public.foot_traffic_compact(hours_max integer default 20000)
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
  insert into public.foot_traffic_hourly (location_id, hour_start, revision, withheld, visits,
    impressions, device_minutes, dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus, rssi_immediate,
    rssi_near, rssi_far, rssi_remote, ble_apple, ble_other)
  select location_id, hour_start, max(revision), bool_or(withheld),
    -- Of a row that withholds nothing it is null because no unit could tell.
    case when bool_and(visits is not null or not withheld) then sum(visits) end,
    public.foot_traffic_sum_of_all(sum(impressions), count(impressions), count(*)),
    public.foot_traffic_sum_of_all(sum(device_minutes), count(device_minutes), count(*)),
    public.foot_traffic_sum_of_all(sum(dwell_0_1), count(dwell_0_1), count(*)),
    public.foot_traffic_sum_of_all(sum(dwell_1_5), count(dwell_1_5), count(*)),
    public.foot_traffic_sum_of_all(sum(dwell_5_10), count(dwell_5_10), count(*)),
    public.foot_traffic_sum_of_all(sum(dwell_10plus), count(dwell_10plus), count(*)),
    public.foot_traffic_sum_of_all(sum(rssi_immediate), count(rssi_immediate), count(*)),
    public.foot_traffic_sum_of_all(sum(rssi_near), count(rssi_near), count(*)),
    public.foot_traffic_sum_of_all(sum(rssi_far), count(rssi_far), count(*)),
    public.foot_traffic_sum_of_all(sum(rssi_remote), count(rssi_remote), count(*)),
    public.foot_traffic_sum_of_all(sum(ble_apple), count(ble_apple), count(*)),
    public.foot_traffic_sum_of_all(sum(ble_other), count(ble_other), count(*))
  from gone group by 1, 2;
  get diagnostics made = row_count;
  return made;
end;
$$;

-- For reports: every hour there is, whether it is kept as one or as five-minute rows. With the
-- rights of whoever asks, so that the tables' policies hold here, too. docs/reports.md has it.
create view public.foot_traffic_hours with (security_invoker = true) as
  select location_id, date_trunc('hour', bucket_start) as hour_start, bool_or(withheld) as withheld,
    case when bool_and(visits is not null or not withheld) then sum(visits)::bigint end as visits,
    public.foot_traffic_sum_of_all(sum(impressions), count(impressions), count(*)) as impressions,
    public.foot_traffic_sum_of_all(sum(device_minutes), count(device_minutes), count(*))
      as device_minutes,
    public.foot_traffic_sum_of_all(sum(dwell_0_1), count(dwell_0_1), count(*)) as dwell_0_1,
    public.foot_traffic_sum_of_all(sum(dwell_1_5), count(dwell_1_5), count(*)) as dwell_1_5,
    public.foot_traffic_sum_of_all(sum(dwell_5_10), count(dwell_5_10), count(*)) as dwell_5_10,
    public.foot_traffic_sum_of_all(sum(dwell_10plus), count(dwell_10plus), count(*))
      as dwell_10plus,
    public.foot_traffic_sum_of_all(sum(rssi_immediate), count(rssi_immediate), count(*))
      as rssi_immediate,
    public.foot_traffic_sum_of_all(sum(rssi_near), count(rssi_near), count(*)) as rssi_near,
    public.foot_traffic_sum_of_all(sum(rssi_far), count(rssi_far), count(*)) as rssi_far,
    public.foot_traffic_sum_of_all(sum(rssi_remote), count(rssi_remote), count(*))
      as rssi_remote,
    public.foot_traffic_sum_of_all(sum(ble_apple), count(ble_apple), count(*)) as ble_apple,
    public.foot_traffic_sum_of_all(sum(ble_other), count(ble_other), count(*)) as ble_other
  from public.foot_traffic group by 1, 2
  union all
  select location_id, hour_start, withheld, visits, impressions, device_minutes, dwell_0_1,
    dwell_1_5, dwell_5_10, dwell_10plus, rssi_immediate, rssi_near, rssi_far, rssi_remote,
    ble_apple, ble_other
  from public.foot_traffic_hourly;

revoke all on table public.foot_traffic_hours from public, anon, authenticated, service_role;
grant select on table public.foot_traffic_hours to authenticated, service_role;
revoke all on function public.foot_traffic_sum_of_all(numeric, bigint, bigint)
  from public, anon, authenticated, service_role;
grant execute on function public.foot_traffic_sum_of_all(numeric, bigint, bigint)
  to authenticated, service_role;
