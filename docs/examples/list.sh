#!/usr/bin/env bash
# Lists every payment of a day, a page at a time, newest first: bash list.sh 2026-03-02
set -euo pipefail
day=${1:?day}

cursor=
while :; do
  page=$(curl --silent --show-error --fail-with-body --retry 3 --max-time 30 --get \
    --user "$INNOPAY_KEY:" \
    --data "from=$day" --data "to=$day" --data 'limit=100' --data-urlencode "cursor=$cursor" \
    "$INNOPAY_URL/v1/payments")
  printf '%s\n' "$page"
  cursor=$(printf '%s' "$page" | sed -n 's/.*"nextCursor":"\([^"]*\)".*/\1/p')
  [ -n "$cursor" ] || break # the last page names no next one
done
