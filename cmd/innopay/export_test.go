package main

// Harden, PhoneAddress and Until are for their tests.
var (
	Harden       = harden
	PhoneAddress = phoneAddress
	Until        = until
)

// Gateways are the message gateways of the program.
var Gateways = gateways

// Offices are those that issue cash receipts, DemoOffices their configuration in a demo.
var (
	Offices     = offices
	DemoOffices = demoOffices
	Others      = others
)
