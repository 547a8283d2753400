#!/usr/bin/env bash
# Looks a payment up by the order it belongs to: bash find.sh ORDER_ID
set -euo pipefail
order=${1:?order id}

curl --silent --show-error --fail-with-body --retry 3 --max-time 30 \
  --user "$INNOPAY_KEY:" \
  "$INNOPAY_URL/v1/payments/orders/$order"
