package iso8583

// Kind is what a message asks for.
type Kind uint8

// The kinds of the profile. The zero Kind is none.
const (
	Authorize Kind = iota + 1 // 0200, processing code 000000
	Void                      // 0200, 020000: whole amount before capture
	Refund                    // 0200, 200000: after capture, or a part
	Reverse                   // 0400, or 0420 as an advice
	Inquire                   // 0600
	SignOn                    // 0800, DE70 001
	SignOff                   // 0800, DE70 002
	Echo                      // 0800, DE70 301
)

// String is the kind as the simulator's journal writes it.
func (k Kind) String() string {
	return [...]string{"NONE", "AUTHORIZE", "VOID", "REFUND", "REVERSE", "INQUIRE", "SIGN_ON", "SIGN_OFF", "ECHO"}[k]
}

// Processing codes (DE3) and network management codes (DE70).
const (
	processPurchase = 0
	processVoid     = 20000
	processRefund   = 200000
	networkSignOn   = 1
	networkSignOff  = 2
	networkEcho     = 301
)

// processing is the kind's DE3, of a reversal and an inquiry that of a purchase.
func (k Kind) processing() int64 {
	switch k {
	case Void:
		return processVoid
	case Refund:
		return processRefund
	case Authorize, Reverse, Inquire, SignOn, SignOff, Echo:
	}
	return processPurchase
}

// network is the kind's DE70, 0 when it is no network message.
func (k Kind) network() int64 {
	switch k {
	case SignOn:
		return networkSignOn
	case SignOff:
		return networkSignOff
	case Echo:
		return networkEcho
	case Authorize, Void, Refund, Reverse, Inquire:
	}
	return 0
}

// mti is the message type of a request of the kind.
func (k Kind) mti(repeat, advice bool) MTI {
	var t MTI
	switch k {
	case Authorize, Void, Refund:
		t = MTIRequest
	case Reverse:
		t = MTIReversal
		if advice {
			t = MTIAdvice
		}
	case Inquire:
		t = MTIInquiry
	case SignOn, SignOff, Echo:
		return MTINetwork
	}
	if repeat {
		t++
	}
	return t
}

// kindOf reads the kind out of a message's type, DE3 and DE70.
func kindOf(m *Message) (Kind, error) {
	switch m.MTI {
	case MTIReversal, MTIReversalAgain, MTIReversed, MTIAdvice, MTIAdviceAgain, MTIAdvised:
		return Reverse, nil
	case MTIInquiry, MTIInquiryAgain, MTIInquired:
		return Inquire, nil
	case MTIRequest, MTIRequestRepeat, MTIAnswer:
		code, err := number(deProcessing, m.Get(deProcessing))
		if err != nil {
			return 0, err
		}
		switch code {
		case processPurchase:
			return Authorize, nil
		case processVoid:
			return Void, nil
		case processRefund:
			return Refund, nil
		}
		return 0, &FormatError{deProcessing, "unknown processing code"}
	case MTINetwork, MTINetworkAnswer:
		code, err := number(deNetwork, m.Get(deNetwork))
		if err != nil {
			return 0, err
		}
		switch code {
		case networkSignOn:
			return SignOn, nil
		case networkSignOff:
			return SignOff, nil
		case networkEcho:
			return Echo, nil
		}
		return 0, &FormatError{deNetwork, "unknown network management code"}
	}
	return 0, &FormatError{0, "unknown message type"}
}
