-- The clean zone: visitor counts per location and five-minute bucket, and who may read which
-- location. Nothing here names a phone, a sensor or a unit, and nothing here may ever do so.
-- Writers: the Worker's service key only. Readers: people, under row-level security.

create table public.location_members (
  location_id text not null,
  user_id uuid not null,
  primary key (location_id, user_id)
);
create index location_members_user on public.location_members (user_id);

create table public.foot_traffic (
  location_id text not null,
  bucket_start timestamptz not null,
  -- Orders writers: the row with the greater revision is the newer one.
  revision bigint not null,
  -- Estimated visits begun; null when no unit of the location could tell.
  visits bigint check (visits >= 0),
  -- Device-minutes with repeats received, and one device in one minute summed over minutes.
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
  primary key (location_id, bucket_start),
  check (extract(epoch from bucket_start)::bigint % 300 = 0)
);

-- A push that was overtaken by a newer one changes nothing: returning null skips the row, so an
-- upsert that arrives late is answered like a success and the newer counts stay.
create function public.foot_traffic_keep_newest() returns trigger language plpgsql as $$
begin
  if new.revision < old.revision then
    return null;
  end if;
  return new;
end;
$$;

create trigger foot_traffic_keep_newest before update on public.foot_traffic
  for each row execute function public.foot_traffic_keep_newest();

alter table public.location_members enable row level security;
alter table public.foot_traffic enable row level security;

create policy "people see their own memberships" on public.location_members
  for select using (user_id = (select auth.uid()));

create policy "people see their own locations" on public.foot_traffic
  for select using (
    exists (
      select 1 from public.location_members as m
      where m.location_id = foot_traffic.location_id and m.user_id = (select auth.uid())
    )
  );
