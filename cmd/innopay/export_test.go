package main

// Harden, PhoneAddress and Until are for their tests.
var (
	Harden       = harden
	PhoneAddress = phoneAddress
	Until        = until
)
