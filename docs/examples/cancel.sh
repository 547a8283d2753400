#!/usr/bin/env bash
# Gives a part of a payment back: bash cancel.sh PAYMENT_ID AMOUNT
set -euo pipefail
payment=${1:?payment id}
amount=${2:?won}

# Named after what is given back: sent twice, it is given back once.
curl --silent --show-error --fail-with-body --retry 3 --max-time 90 \
  --user "$INNOPAY_KEY:" \
  --header 'Content-Type: application/json' \
  --header "Idempotency-Key: cancel-$payment-1" \
  --data @- \
  "$INNOPAY_URL/v1/payments/$payment/cancel" <<JSON
{
  "reason": "한 잔 품절",
  "amount": $amount,
  "cancelPassword": "$INNOPAY_CANCEL_PASSWORD"
}
JSON
