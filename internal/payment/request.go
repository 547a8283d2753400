package payment

import "innopay/money"

// CodeWithdrawn is the failure of a request that the merchant took back.
const CodeWithdrawn = "WITHDRAWN"

// InstallmentPlan is one choice of a buyer.
type InstallmentPlan struct {
	Months  int
	Minimum money.Won
}
