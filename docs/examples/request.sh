#!/usr/bin/env bash
# Asks a buyer for 55,000 won by text: bash request.sh ORDER_ID PHONE
set -euo pipefail
order=${1:?order id}
phone=${2:?phone}

curl --silent --show-error --fail-with-body --retry 3 --max-time 30 \
  --user "$INNOPAY_KEY:" \
  --header 'Content-Type: application/json' \
  --header "Idempotency-Key: request-$order" \
  --data @- \
  "$INNOPAY_URL/v1/payment-requests" <<JSON
{
  "kind": "SMS",
  "orderId": "$order",
  "orderName": "꽃다발",
  "amount": 55000,
  "buyer": { "name": "구매자 1", "phone": "$phone" }
}
JSON
