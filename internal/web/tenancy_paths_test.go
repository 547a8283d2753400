package web_test

import "strings"

// of is the first shop's thing that a path names, and an id of the kind that nothing
// has.
func (p property) of(path string) (theirs, none map[string]string, ok bool) {
	pair := func(name, id, kind string) (map[string]string, map[string]string, bool) {
		return map[string]string{name: id}, map[string]string{name: kind + missing}, true
	}
	switch {
	case strings.HasPrefix(path, "/v1/payments/orders/{orderId}"):
		return pair("orderId", p.order, "o")
	case strings.HasPrefix(path, "/v1/payments/{id}"):
		return pair("id", p.payment, "pay_")
	case strings.HasPrefix(path, "/v1/products/{id}"):
		return pair("id", p.product, "prd_")
	case strings.HasPrefix(path, "/v1/staff/{id}"):
		return pair("id", p.staff, "usr_")
	case strings.HasPrefix(path, "/v1/categories/{id}"):
		return pair("id", p.category, "cat_")
	case strings.HasPrefix(path, "/v1/sessions/{id}"):
		return pair("id", p.session, "ses_")
	case strings.HasPrefix(path, "/v1/push/subscriptions/{id}"):
		return pair("id", p.push, "psh_")
	case strings.HasPrefix(path, "/v1/payment-requests/{id}"):
		return pair("id", p.request, "req_")
	case strings.HasPrefix(path, "/v1/cash-receipts/{id}"):
		return pair("id", p.cashReceipt, "rcp_")
	case strings.HasPrefix(path, "/v1/printers/{id}"):
		return pair("id", p.printer, "prn_")
	case strings.HasPrefix(path, "/v1/prints/{id}"):
		return pair("id", p.print, "prt_")
	case strings.HasPrefix(path, "/v1/invites/{id}"):
		return pair("id", p.invite, "inv_")
	case strings.HasPrefix(path, "/v1/passkeys/{id}"):
		return pair("id", "pky_00000000000000000000000001", "pky_")
	case strings.HasPrefix(path, "/v1/keys/{id}"):
		return pair("id", p.apiKey, "key_")
	case strings.HasPrefix(path, "/v1/webhooks/{id}"):
		return map[string]string{"id": p.webhook, "deliveryId": p.delivery}, map[string]string{"id": "whk_" + missing, "deliveryId": "whd_" + missing}, true
	case strings.HasPrefix(path, "/v1/senders/{number}"):
		return map[string]string{"number": p.sender}, map[string]string{"number": "0219999999"}, true
	case strings.HasPrefix(path, "/v1/tickets/{id}"):
		return pair("id", p.ticket, "tkt_")
	case strings.HasPrefix(path, "/v1/notices/{id}"), strings.HasPrefix(path, "/v1/operator/notices/{id}"):
		return pair("id", p.notice, "ntc_")
	}
	return p.ofOperators(path)
}

// ofOperators is the same for the paths below /v1/operator/.
func (p property) ofOperators(path string) (theirs, none map[string]string, ok bool) {
	pair := func(name, id, kind string) (map[string]string, map[string]string, bool) {
		return map[string]string{name: id}, map[string]string{name: kind + missing}, true
	}
	switch {
	case strings.HasPrefix(path, "/v1/operator/merchants/{merchantId}/owners"):
		return map[string]string{"merchantId": p.merchant, "id": p.issued}, map[string]string{"merchantId": "mer_" + missing, "id": "usr_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/senders/{merchantId}"):
		return map[string]string{"merchantId": p.merchant, "number": p.sender}, map[string]string{"merchantId": "mer_" + missing, "number": "0219999999"}, true
	case strings.HasPrefix(path, "/v1/operator/cash-receipts/{merchantId}/{id}"):
		return map[string]string{"merchantId": p.merchant, "id": p.cashReceipt}, map[string]string{"merchantId": "mer_" + missing, "id": "rcp_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/alarms/{id}/"):
		return pair("id", "alm_00000000000000000000000001", "alm_")
	case strings.HasPrefix(path, "/v1/operator/risk/rules/{id}"):
		return pair("id", "rul_00000000000000000000000001", "rul_")
	case strings.HasPrefix(path, "/v1/operator/risk/blocks/{id}"):
		return pair("id", "blk_00000000000000000000000001", "blk_")
	case strings.HasPrefix(path, "/v1/operator/risk/reviews/{merchantId}/{id}"):
		return map[string]string{"merchantId": p.merchant, "id": "rvw_00000000000000000000000001"}, map[string]string{"merchantId": "mer_" + missing, "id": "rvw_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/messages/{merchantId}/{id}"):
		return map[string]string{"merchantId": p.merchant, "id": p.message}, map[string]string{"merchantId": "mer_" + missing, "id": "msg_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/tickets/{merchantId}/{id}"):
		return map[string]string{"merchantId": p.merchant, "id": p.ticket}, map[string]string{"merchantId": "mer_" + missing, "id": "tkt_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/interest-free/{id}"):
		return pair("id", "evt_"+missing, "evt_")
	case strings.HasPrefix(path, "/v1/operator/unsettled/{merchantId}/{id}"), strings.HasPrefix(path, "/v1/operator/payments/{merchantId}/{id}"):
		return map[string]string{"merchantId": p.merchant, "id": p.payment}, map[string]string{"merchantId": "mer_" + missing, "id": "pay_" + missing}, true
	case strings.HasPrefix(path, "/v1/operator/adapters/"):
		return map[string]string{"kind": "ACQUIRER", "name": "simulator"}, map[string]string{"kind": "OFFICE", "name": "nobody"}, true
	case strings.HasPrefix(path, "/v1/operator/") && strings.Contains(path, "{"):
		return map[string]string{"merchantId": p.merchant, "id": p.staff, "sessionId": p.session},
			map[string]string{"merchantId": "mer_" + missing, "id": "usr_" + missing, "sessionId": "ses_" + missing}, true
	}
	return nil, nil, false
}
