#!/bin/bash
# An example: one member's way through a deployed Interlock. Logs in, asks for free time, books,
# gives it back, and sees that Cal.com told of it. Ends with the first thing that is not as it must.
#
# Wants APP_ORIGIN, SMOKE_EMAIL and SMOKE_PASSWORD (a member without a second factor), SMOKE_MACHINE
# (one that this member may book and nobody needs), WEBHOOK_FUNCTION, and curl, jq and aws.
set -euo pipefail
umask 077
work=$(mktemp -d)
booked=""

call() { # method, path, status wanted (a pattern), body on the standard input of a write
  local method=$1 path=$2 wanted=$3 status
  status=$(curl --silent --show-error --max-time 40 --request "$method" \
    --header @"$work/cookie" --header 'X-Requested-With: interlock' \
    --header 'Content-Type: application/json' --header "Idempotency-Key: $key" \
    $([ "$method" = GET ] || echo --data @-) --dump-header "$work/head" --output "$work/body" \
    --write-out '%{http_code}' "$APP_ORIGIN$path")
  echo "$method ${path%%\?*}: $status"
  [[ $status =~ ^($wanted)$ ]] || { jq -c '{code, detail, instance}' "$work/body" || true; exit 1; }
}
give_back() {
  local id=$booked
  booked=""
  [ -z "$id" ] || call POST "/api/reservations/$id/cancel" '200|202' <<< '{"reason":"smoke"}'
}
# Whatever ends it, what it booked is given back.
trap 'ended=$?; (trap - EXIT; give_back) || true; rm -rf "$work"; exit "$ended"' EXIT

: > "$work/cookie"
key="smoke-$(date +%s)"
began=$(date -u +%Y-%m-%dT%H:%M:00Z)

call GET /api/health 200
jq -n '{email: env.SMOKE_EMAIL, password: env.SMOKE_PASSWORD}' > "$work/login"
call POST /api/auth/login 200 < "$work/login"
sed -n 's/^set-cookie: \(__Host-session=[^;]*\).*/Cookie: \1/Ip' "$work/head" | tr -d '\r' \
  > "$work/cookie"
grep -q . "$work/cookie" || { echo "the login set no session"; exit 1; }

day() { date -u -d "+$1 days" +%Y-%m-%dT00:00:00Z; }
call GET "/api/machines/$SMOKE_MACHINE/availability?start=$(day 2)&end=$(day 14)" 200
start=$(jq -r 'first(.slots[] | select(.bookable)).start // empty' "$work/body")
[ -n "$start" ] || { echo "no slot is free in a fortnight"; exit 1; }

jq -n --arg start "$start" '{start: $start}' > "$work/wish"
call POST "/api/machines/$SMOKE_MACHINE/reservations" '201|202' < "$work/wish"
booked=$(jq -r .reservation.id "$work/body")
made=$booked
for _ in $(seq 30); do # in doubt it settles by itself
  call GET "/api/reservations/$made" 200
  status=$(jq -r .reservation.status "$work/body")
  [ "$status" = pending ] || break
  sleep "${SMOKE_PAUSE:-10}"
done
[ "$status" = confirmed ] || { echo "it is $status, not confirmed"; exit 1; }

give_back
call GET "/api/reservations/$made" 200
[ "$(jq -r .reservation.status "$work/body")" = cancelled ] || { echo "not cancelled"; exit 1; }

for _ in $(seq 30); do # figures of Lambda come a minute or two late
  told=$(aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Invocations \
    --dimensions "Name=FunctionName,Value=$WEBHOOK_FUNCTION" --start-time "$began" \
    --end-time "$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:00Z)" --period 60 --statistics Sum \
    --query 'length(Datapoints)' --output text)
  [ "$told" = 0 ] || { echo "Cal.com told of it"; exit 0; }
  sleep "${SMOKE_PAUSE:-10}"
done
echo "Cal.com told nobody of the booking"
exit 1
