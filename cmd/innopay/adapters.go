package main

import (
	"innopay/acquirer"
	"innopay/acquirer/iso8583"
)

// adapters is the list of what this program can speak, one line an adapter.
var adapters = []acquirer.Adapter{
	iso8583.Adapter,
}

// demoAdapter is the one through which the demo pays its simulator.
var demoAdapter = iso8583.Adapter
