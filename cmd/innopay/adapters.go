package main

import (
	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/messenger"
)

// adapters is the list of what this program can speak, one line an adapter.
var adapters = []acquirer.Adapter{
	iso8583.Adapter,
}

// gateways is the list of message gateways it can speak to, in the order in which
// they are tried.
var gateways = []messenger.Adapter{}

// demoAdapter is the one through which the demo pays its simulator.
var demoAdapter = iso8583.Adapter
