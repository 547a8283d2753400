#!/usr/bin/env bash
# Verifies a webhook without a library, to see how it is signed:
# bash verify.sh WEBHOOK_ID WEBHOOK_TIMESTAMP WEBHOOK_SIGNATURE < body
set -euo pipefail
id=${1:?webhook-id} at=${2:?webhook-timestamp} signatures=${3:?webhook-signature}

age=$(($(date +%s) - at))
if ((age > 300 || age < -300)); then
  echo 'refused: more than five minutes old' >&2
  exit 1
fi
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | base64 --decode | od -An -v -tx1 | tr -d ' \n')
right=$({ printf '%s.%s.' "$id" "$at" && cat; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
for one in $signatures; do # two while the secret is rotated
  if [ "$one" = "v1,$right" ]; then
    echo verified
    exit 0
  fi
done
echo 'refused: the signature is another one' >&2
exit 1
