// Package simulator is an office that issues cash receipts, and the tax service behind
// it, for demos and tests: the other end of the wire that cashreceipt/popbill speaks.
//
// Office holds what was issued, in memory and in a journal that is durable before any
// answer leaves. Server puts it behind Popbill's HTTP API and the token issue of the link hub, and
// behind pages for people. Nothing here knows who sends.
//
// An identifier that ends in 9999 is issued and then rejected by the tax service; one
// that ends in 8888 is refused at the issue. Identifiers are kept masked.
package simulator
