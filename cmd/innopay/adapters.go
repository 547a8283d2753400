package main

import (
	"net"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/cashreceipt"
	"innopay/cashreceipt/popbill"
	receipts "innopay/cashreceipt/simulator"
	"innopay/messenger"
	"innopay/messenger/kannel"
	"innopay/messenger/mail"
	messages "innopay/messenger/simulator"
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

// offices is the list of what cash receipts can be issued by, one line an adapter.
var offices = []cashreceipt.Adapter{
	popbill.Adapter,
}

// demoAdapter is the one through which the demo pays its simulator.
var demoAdapter = iso8583.Adapter

// demoGateways are the adapters that reach the message simulator.
func demoGateways(sim simulator.Info, token string) map[string]messenger.Config {
	if sim.HTTP == "" {
		return nil
	}
	out := map[string]messenger.Config{
		solapi.Adapter.Descriptor.Name: {
			"apiKey": messages.APIKey, "apiSecret": messages.SecretOf(token), "baseUrl": "http://" + sim.HTTP, "simulated": "true",
		},
	}
	if host, port, err := net.SplitHostPort(sim.SMTP); err == nil {
		post := messenger.Config{"host": host, "port": port, "security": "none", "from": "demo@innopay.example", "fromName": "INNOPAY"}
		if token != "" {
			post["username"], post["password"] = messages.APIKey, token
		}
		out[mail.Adapter.Descriptor.Name] = post
	}
	return out
}

// demoOffices is the adapter that reaches the cash receipt simulator.
func demoOffices(sim simulator.Info, token string) map[string]cashreceipt.Config {
	if sim.HTTP == "" {
		return nil
	}
	address := "http://" + sim.HTTP
	return map[string]cashreceipt.Config{
		popbill.Adapter.Descriptor.Name: {
			"linkId": receipts.LinkID, "secretKey": receipts.SecretOf(token), "baseUrl": address, "authUrl": address, "simulated": "true",
		},
	}
}
