#!/usr/bin/env bash
# Pays 12,000 won: bash pay.sh ORDER_ID
# CARD_NUMBER is another test card.
set -euo pipefail
order=${1:?order id}

# The same Idempotency-Key for every try of this payment: it is taken once, however often
# it is sent.
curl --silent --show-error --fail-with-body --retry 3 --max-time 90 \
  --user "$INNOPAY_KEY:" \
  --header 'Content-Type: application/json' \
  --header "Idempotency-Key: pay-$order" \
  --data @- \
  "$INNOPAY_URL/v1/payments" <<JSON
{
  "method": "CARD",
  "orderId": "$order",
  "orderName": "아메리카노 2잔",
  "amount": 12000,
  "card": {
    "entry": "KEY_IN",
    "number": "${CARD_NUMBER:-9990011000000018}",
    "expiryMonth": "12",
    "expiryYear": "35",
    "birthOrBusinessNumber": "900101",
    "passwordTwoDigits": "12"
  }
}
JSON
