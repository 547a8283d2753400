package main

import (
	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/messenger"
	"innopay/messenger/kannel"
	"innopay/messenger/mail"
	"innopay/messenger/solapi"
)

// adapters is the list of what this program can speak, one line an adapter.
var adapters = []acquirer.Adapter{
	iso8583.Adapter,
}

// gateways is the list of what messages can go out by, one line an adapter, in the
// order in which they are tried.
var gateways = []messenger.Adapter{
	kannel.Adapter,
	solapi.Adapter,
	mail.Adapter,
}

// demoAdapter is the one through which the demo pays its simulator.
var demoAdapter = iso8583.Adapter
