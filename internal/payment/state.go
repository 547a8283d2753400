package payment

import (
	"fmt"
	"slices"

	"innopay/fault"
)

// Status is the state of a payment.
type Status string

// The states (contract).
const (
	Ready           Status = "READY"            // a request waits for its buyer
	InProgress      Status = "IN_PROGRESS"      // a message may be under way
	Unknown         Status = "UNKNOWN"          // outcome not known yet: being settled
	Done            Status = "DONE"             // approved
	PartialCanceled Status = "PARTIAL_CANCELED" // part of the amount taken back
	Canceled        Status = "CANCELED"         // all of it taken back
	Aborted         Status = "ABORTED"          // declined, reversed, withdrawn or not sent
	Expired         Status = "EXPIRED"          // a request nobody paid in time
)

// Statuses lists every state, in the order people meet them.
var Statuses = []Status{Ready, InProgress, Unknown, Done, PartialCanceled, Canceled, Aborted, Expired}

// transitions is the whole state machine. What is not in it is a fault and an alarm.
var transitions = map[Status][]Status{
	Ready:           {InProgress, Expired, Aborted},
	InProgress:      {Done, Ready, Aborted, Unknown, Expired},
	Unknown:         {Aborted, Done}, // Done only by an operator, on an inquiry
	Done:            {PartialCanceled, Canceled},
	PartialCanceled: {PartialCanceled, Canceled},
	Canceled:        nil,
	Aborted:         nil,
	Expired:         nil,
}

// ErrIllegalTransition is a bug in this program, never a user's mistake.
var ErrIllegalTransition = fault.New(fault.Internal, "ILLEGAL_TRANSITION", "거래 상태를 바꿀 수 없어요. 고객센터에 문의해 주세요.")

// CanBecome reports whether the table has the transition.
func (s Status) CanBecome(to Status) bool {
	return slices.Contains(transitions[s], to)
}

// become moves p, or returns ErrIllegalTransition and leaves it alone.
func (p *Payment) become(to Status) error {
	if !p.Status.CanBecome(to) {
		return ErrIllegalTransition.Because(fmt.Errorf("payment %s: %s -> %s", p.ID, p.Status, to))
	}
	p.Status = to
	return nil
}

// Final reports whether nothing of ours will change the state any more; a cancel still may.
func (s Status) Final() bool { return s != Ready && s != InProgress && s != Unknown }

// Approved reports whether the payment was ever approved and counts as a sale.
func (s Status) Approved() bool { return s == Done || s == PartialCanceled || s == Canceled }

// HoldsOrder reports whether the payment keeps its orderId from being used again:
// it was not declined, reversed, expired or withdrawn.
func (s Status) HoldsOrder() bool { return s != Aborted && s != Expired }
